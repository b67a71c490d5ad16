package io.sendense.repository.local;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoreFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Names what an operating system's error means for the store's contract. */
final class IoFailure {
  private IoFailure() {}

  static SendenseException of(String store, ObjectName name, String doing, IOException why) {
    if (why instanceof NoSuchFileException) {
      return StoreFailure.missing(store, name);
    }
    if (why instanceof AccessDeniedException) {
      return StoreFailure.forbidden(store, name, why);
    }
    return isNoSpace(why)
        ? StoreFailure.noSpace(store, name, why)
        : StoreFailure.unavailable(store, doing + " " + name, why);
  }

  /** The JDK tells ENOSPC and EDQUOT only by the message of the C library. */
  private static boolean isNoSpace(IOException why) {
    String message = String.valueOf(why.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("no space left") || message.contains("quota exceeded");
  }
}
