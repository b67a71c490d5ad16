package io.sendense.testkit.guest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * Writes an initramfs: a gzipped cpio archive in the "newc" form that the kernel unpacks. It needs
 * no root and gives every file to root, with no time, so the same input gives the same bytes.
 */
public final class CpioArchive implements AutoCloseable {
  private static final int DIRECTORY = 0040755;
  private static final int FILE = 0100755;

  private final OutputStream out;
  private int inode;
  private long written;

  /** Closing it also closes what it is written to. */
  public CpioArchive(OutputStream out) throws IOException {
    this.out = new GZIPOutputStream(out, 1 << 16);
  }

  public void directory(String name) throws IOException {
    entry(name, DIRECTORY, new byte[0]);
  }

  public void file(String name, byte[] content) throws IOException {
    entry(name, FILE, content);
  }

  @Override
  public void close() throws IOException {
    entry("TRAILER!!!", 0, new byte[0]);
    out.close();
  }

  private void entry(String name, int mode, byte[] content) throws IOException {
    byte[] nameBytes = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream header = new ByteArrayOutputStream(110);
    header.writeBytes("070701".getBytes(StandardCharsets.US_ASCII));
    int[] fields = {++inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, nameBytes.length, 0};
    for (int field : fields) {
      header.writeBytes(String.format("%08X", field).getBytes(StandardCharsets.US_ASCII));
    }
    write(header.toByteArray());
    write(nameBytes);
    pad();
    write(content);
    pad();
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    written += bytes.length;
  }

  private void pad() throws IOException {
    while (written % 4 != 0) {
      out.write(0);
      written++;
    }
  }
}
