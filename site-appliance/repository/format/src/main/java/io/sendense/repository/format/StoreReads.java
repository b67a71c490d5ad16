package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;

/** Reads of objects, where a length that does not fit is damage and not the caller's fault. */
final class StoreReads {
  private StoreReads() {}

  static byte[] whole(ObjectStore store, ObjectName name, int bytesMax) {
    try {
      return store.get(name, bytesMax);
    } catch (SendenseException e) {
      throw named(name, e);
    }
  }

  static void range(ObjectStore store, ObjectName name, long position, byte[] into, int length) {
    try {
      store.read(name, position, into, 0, length);
    } catch (SendenseException e) {
      throw named(name, e);
    }
  }

  private static SendenseException named(ObjectName name, SendenseException e) {
    return e.code() == ErrorCode.BAD_ARGUMENT
        ? Damage.of(name.value(), "it does not have the length it should", e)
        : e;
  }
}
