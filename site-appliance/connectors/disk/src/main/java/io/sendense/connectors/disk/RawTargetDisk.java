package io.sendense.connectors.disk;

import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A sparse raw file being written under a temporary name, with what a fixed image has behind its
 * data.
 */
final class RawTargetDisk implements TargetDisk {
  private final NewFile file;
  private final FileChannel channel;
  private final Optional<UncachedFile> uncached;
  private final long sizeBytes;
  private final long imageBytes;
  private final byte[] trailer;
  private final Optional<HoleFinder> holes;

  private RawTargetDisk(
      NewFile file,
      FileChannel channel,
      Optional<UncachedFile> uncached,
      long sizeBytes,
      long imageBytes,
      byte[] trailer,
      Optional<HoleFinder> holes) {
    this.file = file;
    this.channel = channel;
    this.uncached = uncached;
    this.sizeBytes = sizeBytes;
    this.imageBytes = imageBytes;
    this.trailer = trailer;
    this.holes = holes;
  }

  /**
   * @param imageBytes the disk's size, rounded up with zeros where the format asks for that
   * @param trailer what follows the data; may be empty
   */
  static RawTargetDisk create(NewFile file, long sizeBytes, long imageBytes, byte[] trailer) {
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file.temporary(),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.SPARSE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      // The last byte gives a sparse file its length; the JDK's truncate cannot grow one.
      channel.write(ByteBuffer.allocate(1), imageBytes - 1);
      channel.write(ByteBuffer.wrap(trailer), imageBytes);
      return new RawTargetDisk(
          file,
          channel,
          UncachedFile.open(file.temporary()),
          sizeBytes,
          imageBytes,
          trailer,
          HoleFinder.open(file.temporary()));
    } catch (IOException e) {
      closeQuietly(channel, e);
      file.discard();
      throw file.failure(e);
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    checkRange(offset, source.remaining());
    long at = offset;
    try {
      while (source.hasRemaining()) {
        at += channelFor(at, source.remaining()).write(source, at);
      }
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  @Override
  public boolean writesThrough(long offset, int length) {
    return uncached.filter(file -> file.takes(offset, length)).isPresent();
  }

  /** Past the cache where the range allows it: the whole disk but what its last block holds. */
  private FileChannel channelFor(long offset, int length) {
    return uncached
        .filter(file -> file.takes(offset, length))
        .map(UncachedFile::channel)
        .orElse(channel);
  }

  @Override
  public void readBack(long offset, ByteBuffer target) {
    checkRange(offset, target.remaining());
    readFully(offset, target);
  }

  private void readFully(long offset, ByteBuffer target) {
    long at = offset;
    try {
      while (target.hasRemaining()) {
        int count = channelFor(at, target.remaining()).read(target, at);
        if (count < 0) {
          throw new IOException("it ends at byte " + at);
        }
        at += count;
      }
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  private void checkRange(long offset, int length) {
    if (offset < 0 || offset > sizeBytes - length) {
      throw new IllegalArgumentException(
          length + " bytes at " + offset + " are not within a disk of " + sizeBytes);
    }
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    return holes.map(finder -> finder.data(within)).orElseGet(() -> List.of(within));
  }

  @Override
  public void flush() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw file.failure(e);
    }
    holes.ifPresent(HoleFinder::dropCache);
    byte[] behind = new byte[trailer.length];
    readFully(imageBytes, ByteBuffer.wrap(behind));
    if (!Arrays.equals(behind, trailer)) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "what was written behind the data of " + file.path() + " reads back differently",
          "Check the target's medium; the restored disk was removed.");
    }
  }

  @Override
  public void finish() {
    flush();
    uncached.ifPresent(UncachedFile::close);
    try {
      channel.close();
    } catch (IOException e) {
      throw file.failure(e);
    }
    file.publish();
  }

  @Override
  public void close() {
    holes.ifPresent(HoleFinder::close);
    uncached.ifPresent(UncachedFile::close);
    try {
      channel.close();
    } catch (IOException e) {
      throw file.failure(e);
    } finally {
      file.discard();
    }
  }

  private static void closeQuietly(@Nullable FileChannel c, IOException e) {
    if (c != null) {
      try {
        c.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
    }
  }
}
