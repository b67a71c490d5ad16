package io.sendense.repository.chain;

import io.sendense.domain.BlockRange;
import io.sendense.images.ImageFormat;
import io.sendense.images.ImageWriter;
import io.sendense.images.Qcow2Writer;
import io.sendense.repository.format.WriteOutcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The new file of one disk: takes only clusters that differ from the parent's, and remembers a hash
 * of every chunk it took, by which the file is proved when it is complete. Thread-safe for
 * different chunks.
 */
final class DiskFileWriter implements AutoCloseable {
  private static final int CHUNK = ChainRepository.CHUNK_BYTES;
  private static final int CLUSTER = ImageWriter.UNIT_BYTES;
  private static final byte[] ZEROS = new byte[CHUNK];
  private static final int PAGE = 4096;

  private final Path temporary;
  private final long sizeBytes;
  private final Optional<Layers> parent;
  private final Qcow2Writer image;
  private final BitSet taken = new BitSet();
  // One page of tags for 4 GiB of disk, as far as anything was written there.
  private final Map<Integer, long[]> tags = new HashMap<>();

  /**
   * @param parent the chain below; empty for a full file
   */
  DiskFileWriter(Path temporary, long sizeBytes, Optional<Layers> parent) {
    this.temporary = temporary;
    this.sizeBytes = sizeBytes;
    this.parent = parent;
    Optional<String> backing = parent.map(layers -> layers.files().getFirst().getFileName() + "");
    try {
      image =
          Qcow2Writer.create(
              temporary,
              new Qcow2Writer.Options(ImageFormat.QCOW2.imageBytes(sizeBytes), backing, false));
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
  }

  Path temporary() {
    return temporary;
  }

  WriteOutcome write(long chunk, byte[] data, int length) {
    long offset = chunk * CHUNK;
    boolean zero = isZero(data, length);
    boolean again = isTaken(chunk);
    try {
      if (again || parent.isEmpty()) {
        if (again || !zero) {
          image.write(offset, ByteBuffer.wrap(data, 0, length));
          take(chunk, data, length);
        }
        return zero ? WriteOutcome.ZERO : WriteOutcome.STORED;
      }
      byte[] before = new byte[length];
      parent.get().read(offset, ByteBuffer.wrap(before));
      if (Arrays.equals(data, 0, length, before, 0, length)) {
        return zero ? WriteOutcome.ZERO : WriteOutcome.UNCHANGED;
      }
      take(chunk, data, length);
      for (int from = 0; from < length; from += CLUSTER) {
        int to = Math.min(length, from + CLUSTER);
        if (!Arrays.equals(data, from, to, before, from, to)) {
          image.write(offset + from, ByteBuffer.wrap(data, from, to - from));
        }
      }
      return zero ? WriteOutcome.ZERO : WriteOutcome.STORED;
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
  }

  /** Zeros that nobody had to read; nothing is done where the parent has a hole. */
  WriteOutcome zero(long chunk) {
    long offset = chunk * CHUNK;
    int length = length(chunk);
    try {
      if (isTaken(chunk) || (parent.isPresent() && !holes(parent.get(), offset, length))) {
        return write(chunk, ZEROS, length);
      }
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
    return WriteOutcome.ZERO;
  }

  private static boolean holes(Layers layers, long offset, int length) throws IOException {
    long end = Math.min(offset + length, layers.sizeBytes());
    return end <= offset || layers.allocated(new BlockRange(offset, end - offset)).isEmpty();
  }

  boolean matchesParent(long chunk, byte[] data, int length) {
    if (parent.isEmpty()) {
      return isZero(data, length);
    }
    byte[] before = new byte[length];
    try {
      parent.get().read(chunk * CHUNK, ByteBuffer.wrap(before));
    } catch (IOException e) {
      throw Failure.of(parent.get().files().getFirst(), e);
    }
    return Arrays.equals(data, 0, length, before, 0, length);
  }

  /** Completes the file durably and proves what it took, through the whole chain. */
  void complete() {
    try {
      image.finish();
      image.close();
      try (Layers written = Layers.open(temporary)) {
        byte[] found = new byte[CHUNK];
        for (int chunk = taken.nextSetBit(0); chunk >= 0; chunk = taken.nextSetBit(chunk + 1)) {
          int length = length(chunk);
          written.read((long) chunk * CHUNK, ByteBuffer.wrap(found, 0, length));
          if (Sha256.tag(found, length) != page(chunk)[chunk % PAGE]) {
            throw Failure.damaged(
                temporary, "bytes from " + (long) chunk * CHUNK + " read back differently");
          }
        }
      }
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
  }

  private int length(long chunk) {
    return (int) Math.min(CHUNK, sizeBytes - chunk * CHUNK);
  }

  private synchronized boolean isTaken(long chunk) {
    return taken.get((int) chunk);
  }

  private void take(long chunk, byte[] data, int length) {
    long tag = Sha256.tag(data, length);
    synchronized (this) {
      taken.set((int) chunk);
      page(chunk)[(int) (chunk % PAGE)] = tag;
    }
  }

  private long[] page(long chunk) {
    return tags.computeIfAbsent((int) (chunk / PAGE), index -> new long[PAGE]);
  }

  static boolean isZero(byte[] data, int length) {
    return Arrays.equals(data, 0, length, ZEROS, 0, length);
  }

  @Override
  public void close() {
    try {
      image.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    } finally {
      parent.ifPresent(Layers::close);
    }
  }
}
