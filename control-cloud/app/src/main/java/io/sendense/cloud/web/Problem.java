package io.sendense.cloud.web;

import io.sendense.domain.ErrorCode;
import java.util.List;
import java.util.Optional;

/** The body of an answer that is an error (RFC 9457). */
public record Problem(
    String type,
    String title,
    int status,
    String code,
    String detail,
    Optional<String> remedy,
    Optional<String> instance,
    List<Finding> errors) {

  /** One thing wrong with a request. */
  public record Finding(String field, String message) {}

  static Problem of(
      ErrorCode code, int status, String detail, String remedy, String path, List<Finding> errors) {
    return new Problem(
        "urn:sendense:problem:" + code.id(),
        title(code),
        status,
        code.id(),
        detail,
        Optional.of(remedy).filter(text -> !text.isBlank()),
        Optional.of(path),
        errors);
  }

  private static String title(ErrorCode code) {
    String words = code.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
