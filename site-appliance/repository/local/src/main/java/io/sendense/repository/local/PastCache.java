package io.sendense.repository.local;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Writes large objects past the page cache (O_DIRECT) and reads each past it until it was read to
 * its end, so that whoever reads back what was put reads the medium. Costs a fraction of the
 * processor time of going through the cache, and pushes nothing out of it. Thread-safe.
 */
final class PastCache {
  /** Below this a file is not worth the two ways of writing it. */
  static final int BYTES_MIN = 1 << 20;

  private static final int SLICE_BYTES = 1 << 20;
  private static final int IDLE_BUFFERS_MAX = 8;
  private static final int UNREAD_MAX = 64;

  private final int blockBytes;
  private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger idleCount = new AtomicInteger();
  private final Map<Path, Long> unread = new LinkedHashMap<>();
  private final @Nullable OpenOption direct;
  private volatile boolean refused;

  private PastCache(int blockBytes, Optional<OpenOption> direct) {
    this.blockBytes = blockBytes;
    this.direct = direct.orElse(null);
    refused = direct.isEmpty() || blockBytes < 1 || SLICE_BYTES % blockBytes != 0;
  }

  /** For files below a directory; does nothing where the file system or the JDK lacks it. */
  static PastCache of(Path directory) {
    try {
      long block = Files.getFileStore(directory).getBlockSize();
      return new PastCache((int) Math.min(block, Integer.MAX_VALUE), option());
    } catch (IOException | UnsupportedOperationException e) {
      return new PastCache(0, Optional.empty());
    }
  }

  /**
   * Writes a new file and makes it durable.
   *
   * @return false where that could not be done this way; the file may then be there with any
   *     content
   */
  boolean write(Path file, byte[] content, int offset, int length) {
    if (length < BYTES_MIN || refused || direct == null) {
      return false;
    }
    int whole = length / blockBytes * blockBytes;
    ByteBuffer buffer = borrow();
    try (FileChannel past =
        FileChannel.open(
            file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, direct))) {
      for (int done = 0; done < whole; ) {
        buffer.clear().put(content, offset + done, Math.min(SLICE_BYTES, whole - done)).flip();
        while (buffer.hasRemaining()) {
          done += past.write(buffer, done);
        }
      }
      finish(file, ByteBuffer.wrap(content, offset + whole, length - whole), whole);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      // The usual way will do, or tell better what is wrong.
      refused = true;
      return false;
    } finally {
      giveBack(buffer);
    }
  }

  /** What is no whole block goes through the cache; making the file durable covers both. */
  private static void finish(Path file, ByteBuffer rest, long at) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long position = at;
      while (rest.hasRemaining()) {
        position += channel.write(rest, position);
      }
      channel.force(true);
    }
  }

  /** The file was written this way and has its final name now. */
  void stored(Path file, long length) {
    synchronized (unread) {
      if (unread.size() >= UNREAD_MAX) {
        Iterator<Path> oldest = unread.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
      unread.put(file, length);
    }
  }

  /**
   * Reads a range of a file that was written this way and not yet read to its end.
   *
   * @return false where it has to be read the usual way
   * @throws EOFException where the file ends before the range does
   */
  boolean read(Path file, long position, byte[] target, int offset, int length) throws IOException {
    Long size;
    synchronized (unread) {
      size = unread.get(file);
      if (size != null && position + length >= size) {
        unread.remove(file);
      }
    }
    if (size == null || refused || direct == null || position % blockBytes != 0) {
      return false;
    }
    ByteBuffer buffer = borrow();
    try (FileChannel past = FileChannel.open(file, Set.of(StandardOpenOption.READ, direct))) {
      for (int done = 0; done < length; ) {
        int wanted = Math.min(SLICE_BYTES, length - done);
        fill(past, position + done, buffer, wanted);
        buffer.flip().get(target, offset + done, wanted);
        done += wanted;
      }
      return true;
    } finally {
      giveBack(buffer);
    }
  }

  /** At least so many bytes; asked for in whole blocks, of which the file may end in the last. */
  private void fill(FileChannel past, long position, ByteBuffer buffer, int wanted)
      throws IOException {
    buffer.clear().limit(Math.ceilDiv(wanted, blockBytes) * blockBytes);
    while (buffer.position() < wanted) {
      if (buffer.position() % blockBytes != 0
          || past.read(buffer, position + buffer.position()) <= 0) {
        throw new EOFException();
      }
    }
  }

  private ByteBuffer borrow() {
    ByteBuffer buffer = idle.pollFirst();
    if (buffer == null) {
      return ByteBuffer.allocateDirect(SLICE_BYTES + blockBytes).alignedSlice(blockBytes);
    }
    idleCount.decrementAndGet();
    return buffer;
  }

  private void giveBack(ByteBuffer buffer) {
    if (idleCount.incrementAndGet() > IDLE_BUFFERS_MAX) {
      idleCount.decrementAndGet();
      return;
    }
    idle.addFirst(buffer);
  }

  /** Named by its text, because the compiler warns of whoever imports it. */
  private static Optional<OpenOption> option() {
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
}
