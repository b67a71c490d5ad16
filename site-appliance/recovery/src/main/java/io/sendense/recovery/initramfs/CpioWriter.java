package io.sendense.recovery.initramfs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a cpio archive in the "newc" form, uncompressed. All belongs to root and has no time, so
 * the same input gives the same bytes. The caller names folders before what is in them.
 */
public final class CpioWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int inode;

  public void folder(String name) {
    entry(name, 0040755, new byte[0]);
  }

  /**
   * @param mode permission bits
   */
  public void file(String name, int mode, byte[] content) {
    entry(name, 0100000 | mode, content);
  }

  /** The archive, ended and padded to 512 bytes. Nothing may be added afterwards. */
  public byte[] finish() {
    entry("TRAILER!!!", 0, new byte[0]);
    pad(512);
    return out.toByteArray();
  }

  private void entry(String name, int mode, byte[] content) {
    byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.UTF_8);
    StringBuilder header = new StringBuilder("070701");
    int[] fields = {++inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, nameBytes.length, 0};
    for (int field : fields) {
      header.append(String.format("%08X", field));
    }
    out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(nameBytes);
    pad(4);
    out.writeBytes(content);
    pad(4);
  }

  private void pad(int unit) {
    while (out.size() % unit != 0) {
      out.write(0);
    }
  }
}
