package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Guest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A reparse point (MS-FSCC, 2.1.2): links have a target; others change what the content means. */
record Reparse(Bytes bytes) {
  static final int MOST = 64 << 10;

  private static final int SYMLINK = 0xA000_000C;
  private static final int MOUNT_POINT = 0xA000_0003;
  private static final int LINUX_SYMLINK = 0xA000_001D;
  private static final int COMPACT = 0x8000_0017;
  private static final int DEDUPLICATED = 0x8000_0013;

  /** With slashes, and without the prefix by which Windows marks a path of its own kind. */
  Optional<byte[]> target() {
    return switch (bytes.i32(0)) {
      case SYMLINK -> Optional.of(path(20));
      case MOUNT_POINT -> Optional.of(path(16));
      case LINUX_SYMLINK -> Optional.of(bytes.copy(12, Math.max(0, bytes.u16(4) - 4)));
      default -> Optional.empty();
    };
  }

  private byte[] path(int buffer) {
    String shown = text(buffer + bytes.u16(12), bytes.u16(14));
    String path = shown.isEmpty() ? text(buffer + bytes.u16(8), bytes.u16(10)) : shown;
    String plain = path.startsWith("\\??\\") ? path.substring(4) : path;
    return plain.replace('\\', '/').getBytes(StandardCharsets.UTF_8);
  }

  private String text(int at, int length) {
    return new String(bytes.copy(at, length), StandardCharsets.UTF_16LE);
  }

  /** What looks like holes there is kept elsewhere, and zeros would be a lie. */
  void requirePlainContent() {
    String what =
        switch (bytes.i32(0)) {
          case COMPACT -> "a file compressed by CompactOS";
          case DEDUPLICATED -> "a file deduplicated by Windows Server";
          default -> "";
        };
    if (!what.isEmpty()) {
      throw Guest.unsupported("NTFS", what + " is not read");
    }
  }
}
