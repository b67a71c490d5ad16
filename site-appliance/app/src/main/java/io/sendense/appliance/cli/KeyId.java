package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.UUID;

/** How a key's id is written: 32 hexadecimal digits, as in its object's name. */
final class KeyId {
  private KeyId() {}

  static String text(UUID id) {
    return id.toString().replace("-", "");
  }

  /**
   * @throws SendenseException BAD_ARGUMENT
   */
  static UUID parse(String text) {
    if (!text.matches("[0-9a-f]{32}")) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "\"" + text + "\" is not the id of a key",
          "Take one of `repository key list`: 32 hexadecimal digits.");
    }
    return UUID.fromString(text.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
  }
}
