package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.images.ImageDamage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Names what a failing file means. */
final class Failure {
  private Failure() {}

  static SendenseException of(Path file, IOException why) {
    String said = String.valueOf(why.getMessage());
    if (why instanceof ImageDamage) {
      return damaged(file, said);
    }
    if (why instanceof NoSuchFileException) {
      return new SendenseException(
          ErrorCode.STORE_OBJECT_MISSING,
          "file " + file + " is missing",
          "Run `repository verify` to see which restore points are affected.",
          why);
    }
    if (why instanceof AccessDeniedException) {
      return new SendenseException(
          ErrorCode.FORBIDDEN, "file " + file + " may not be used", "Grant the rights on it.", why);
    }
    String lower = said.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota exceeded")) {
      return new SendenseException(
          ErrorCode.NO_SPACE,
          "no space left while writing " + file,
          "Free space there; earlier restore points are whole.",
          why);
    }
    return new SendenseException(
        ErrorCode.STORE_UNAVAILABLE,
        "file " + file + " cannot be used: " + said,
        "Check the file system.",
        why);
  }

  static SendenseException damaged(Path file, String what) {
    return new SendenseException(
        ErrorCode.STORE_DAMAGED,
        "file " + file + " is damaged: " + what,
        "Run `repository verify` to see which restore points are affected.");
  }
}
