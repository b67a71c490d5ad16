package io.sendense.recovery.fs;

import java.util.List;
import java.util.OptionalLong;

/** A file system that was opened, read-only. For one thread at a time. */
public interface GuestFileSystem {
  /** Such as ext4. */
  String type();

  String label();

  String uuid();

  /** What a reader of the files should know, such as a log that was not replayed. */
  List<String> notes();

  /** Bytes that files could still take, as far as the format keeps count of them. */
  default OptionalLong freeBytes() {
    return OptionalLong.empty();
  }

  GuestFile root();
}
