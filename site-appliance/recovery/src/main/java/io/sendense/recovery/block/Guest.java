package io.sendense.recovery.block;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;

/** The failures that a guest's own bytes can cause. */
public final class Guest {
  private Guest() {}

  /**
   * Bytes that break their format.
   *
   * @param format such as ext4
   * @param structure such as "inode 12"
   * @param offset in bytes from the start of the volume
   */
  public static SendenseException damaged(
      String format, String structure, long offset, String what) {
    return new SendenseException(
        ErrorCode.GUEST_DAMAGED,
        format + ": " + structure + " at byte " + offset + ": " + what,
        "Try an older point, or restore the whole disk and repair it there.");
  }

  /** Something sound that is not read yet, or never will be. */
  public static SendenseException unsupported(String format, String what) {
    return new SendenseException(
        ErrorCode.GUEST_UNSUPPORTED,
        format + ": " + what,
        "Restore the whole disk, or boot the machine from the point, and take the files from there.");
  }
}
