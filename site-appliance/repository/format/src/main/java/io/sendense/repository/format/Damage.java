package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import org.jspecify.annotations.Nullable;

/** Words for what is wrong with an object, the same everywhere. */
final class Damage {
  private static final String REMEDY =
      "Run `repository verify` to see which restore points are affected; all others are whole.";

  private Damage() {}

  static SendenseException of(String object, String what) {
    return of(object, what, null);
  }

  static SendenseException of(String object, String what, @Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.STORE_DAMAGED, "object " + object + " is damaged: " + what, REMEDY, cause);
  }

  static SendenseException unknownVersion(String object, String type, int version) {
    return new SendenseException(
        ErrorCode.STORE_UNKNOWN_VERSION,
        "object "
            + object
            + " is of type "
            + type
            + " version "
            + version
            + ", which this program does not know",
        "Use the version of Sendense that wrote it, or a newer one. Nothing was changed.");
  }

  /** Whether the failure speaks of the store's content, not of the way to it. */
  static boolean isContent(SendenseException failure) {
    return switch (failure.code()) {
      case STORE_DAMAGED, STORE_OBJECT_MISSING, STORE_UNKNOWN_VERSION -> true;
      // Sealed under a newer key than the secret given opens: unreadable for its holder.
      case WRONG_KEY -> true;
      // A range beyond the object's end is how a store tells that it was cut short.
      case BAD_ARGUMENT -> true;
      default -> false;
    };
  }
}
