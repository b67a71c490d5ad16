package io.sendense.connectors.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file read and written past the page cache (O_DIRECT): what is read was on the medium, and a
 * disk that nobody reads again soon pushes nothing else out of memory. Whole blocks only.
 */
record UncachedFile(FileChannel channel, long blockBytes) implements AutoCloseable {
  /** Empty where the file system or the JDK does not offer it. */
  static Optional<UncachedFile> open(Path path) {
    Optional<OpenOption> direct = direct();
    if (direct.isEmpty()) {
      return Optional.empty();
    }
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, direct.get());
      UncachedFile file = new UncachedFile(channel, Files.getFileStore(path).getBlockSize());
      // Some file systems take the flag and then refuse every transfer. Into a buffer outside the
      // heap: for one inside JDK 25 loses the buffer that the thread keeps for its other transfers.
      int block = Math.toIntExact(file.blockBytes);
      channel.read(ByteBuffer.allocateDirect(2 * block).alignedSlice(block).limit(block), 0);
      return Optional.of(file);
    } catch (IOException | UnsupportedOperationException | ArithmeticException e) {
      closeQuietly(channel);
      return Optional.empty();
    }
  }

  /** Whether a range is whole blocks. */
  boolean takes(long offset, int length) {
    return offset % blockBytes == 0 && length % blockBytes == 0 && length > 0;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Named by its text, because the compiler warns of whoever imports it. */
  private static Optional<OpenOption> direct() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option instanceof OpenOption found && option.toString().equals("DIRECT")) {
          return Optional.of(found);
        }
      }
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static void closeQuietly(@org.jspecify.annotations.Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // It is not used.
      return;
    }
  }
}
