package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Content;
import java.nio.ByteBuffer;

/** Whether the log has changes that are not in the file system yet ("$LogFile", restart pages). */
final class NtfsLog {
  private static final int PAGE = 4096;
  private static final int CLEAN = 2;
  private static final int NO_CLIENT = 0xFFFF;

  private NtfsLog() {}

  /** A log that was emptied, as tools of other systems do, has no restart page. */
  static boolean clean(Content log) {
    for (long at = 0; at < 2 * PAGE; at += PAGE) {
      if (log.sizeBytes() < at + PAGE) {
        return true;
      }
      byte[] page = new byte[PAGE];
      log.read(at, ByteBuffer.wrap(page));
      Bytes bytes = Bytes.of(page, "NTFS", "restart page", at);
      if (bytes.has(0, "RSTR")) {
        int area = bytes.u16(24);
        // The first is the newer one or equal to the second after a clean end.
        if (bytes.u16(area + 12) != NO_CLIENT && (bytes.u16(area + 14) & CLEAN) == 0) {
          return false;
        }
      } else if (!bytes.has(0, "\u00FF\u00FF\u00FF\u00FF")) {
        return false;
      }
    }
    return true;
  }
}
