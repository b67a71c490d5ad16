package io.sendense.images;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file read and written at given places, whole requests at a time. Thread-safe. */
final class ImageFile implements AutoCloseable {
  private static final byte[] ZEROS = new byte[ImageWriter.UNIT_BYTES];

  private final FileChannel channel;

  private ImageFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes a file that must not be there yet; the caller removes it if it comes to nothing. */
  static ImageFile create(Path path) throws IOException {
    return new ImageFile(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  static ImageFile open(Path path) throws IOException {
    return new ImageFile(FileChannel.open(path, StandardOpenOption.READ));
  }

  long length() throws IOException {
    return channel.size();
  }

  void write(long at, ByteBuffer data) throws IOException {
    long offset = at;
    while (data.hasRemaining()) {
      offset += channel.write(data, offset);
    }
  }

  void write(long at, byte[] data) throws IOException {
    write(at, ByteBuffer.wrap(data));
  }

  /** Makes the file at least so long; what is new reads as zeros. */
  void extend(long bytes) throws IOException {
    if (channel.size() < bytes) {
      write(bytes - 1, new byte[1]);
    }
  }

  /** Fills the buffer; what lies beyond the end of the file is zeros. */
  void readOrZeros(long at, ByteBuffer target) throws IOException {
    long offset = at;
    while (target.hasRemaining()) {
      int count = channel.read(target, offset);
      if (count < 0) {
        while (target.hasRemaining()) {
          target.put(ZEROS, 0, Math.min(ZEROS.length, target.remaining()));
        }
        return;
      }
      offset += count;
    }
  }

  /** Fills the buffer. */
  void read(long at, ByteBuffer target) throws IOException {
    long offset = at;
    while (target.hasRemaining()) {
      int count = channel.read(target, offset);
      if (count < 0) {
        throw new ImageDamage("the file ends at byte " + offset);
      }
      offset += count;
    }
  }

  ByteBuffer read(long at, int length, ByteOrder order) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(order);
    read(at, buffer);
    return buffer.flip();
  }

  void sync() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  static boolean isZero(byte[] data, int from, int length) {
    for (int done = 0; done < length; done += ZEROS.length) {
      int part = Math.min(ZEROS.length, length - done);
      int at = from + done;
      if (Arrays.mismatch(data, at, at + part, ZEROS, 0, part) >= 0) {
        return false;
      }
    }
    return true;
  }

  static void putZeros(ByteBuffer target, int length) {
    for (int done = 0; done < length; done += ZEROS.length) {
      target.put(ZEROS, 0, Math.min(ZEROS.length, length - done));
    }
  }

  /** The buffer's content as an array: its own where it has one that begins there. */
  static byte[] bytes(ByteBuffer data) {
    if (data.hasArray() && data.arrayOffset() + data.position() == 0) {
      byte[] own = data.array();
      data.position(data.limit());
      return own;
    }
    byte[] copy = new byte[data.remaining()];
    data.get(copy);
    return copy;
  }

  /** All of a buffer, wherever its position is. */
  static byte[] content(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.capacity()];
    buffer.duplicate().clear().get(copy);
    return copy;
  }

  static void checkWrite(long offset, int length, long imageBytes) {
    boolean whole =
        length % ImageWriter.UNIT_BYTES == 0
            || offset + length > imageBytes - ImageWriter.UNIT_BYTES;
    if (offset < 0
        || offset % ImageWriter.UNIT_BYTES != 0
        || length <= 0
        || offset > imageBytes - length
        || !whole) {
      throw new IllegalArgumentException(
          "a write at " + offset + " of " + length + " bytes to an image of " + imageBytes);
    }
  }
}
