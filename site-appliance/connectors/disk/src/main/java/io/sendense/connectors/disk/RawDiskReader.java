package io.sendense.connectors.disk;

import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/**
 * Reads a raw file or block device. The file must not be written meanwhile: a regular file whose
 * size or modification time moved is noticed by {@link #verifyUnchanged}, a block device is not.
 */
final class RawDiskReader implements DiskReader {
  /**
   * Reads go in slices, because the JDK copies through a direct buffer that it keeps for every
   * thread, as large as the largest read: one of this size stays in the processor's cache.
   */
  private static final int SLICE_BYTES = 256 << 10;

  private final Path path;
  private final FileChannel channel;
  private final long sizeBytes;
  private final Optional<FileTime> modifiedAtOpen;
  private final Optional<HoleFinder> holes;

  private RawDiskReader(
      Path path,
      FileChannel channel,
      long sizeBytes,
      Optional<FileTime> modifiedAtOpen,
      Optional<HoleFinder> holes) {
    this.path = path;
    this.channel = channel;
    this.sizeBytes = sizeBytes;
    this.modifiedAtOpen = modifiedAtOpen;
    this.holes = holes;
  }

  /**
   * @throws SendenseException NOT_FOUND, FORBIDDEN, BAD_ARGUMENT for a folder or an empty file,
   *     SOURCE_UNREADABLE
   */
  static RawDiskReader open(Path path) {
    try {
      if (Files.isDirectory(path)) {
        throw new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            "disk " + path + " is a folder",
            "Name the image file or block device itself.");
      }
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        long size = channel.size();
        if (size == 0) {
          throw new SendenseException(
              ErrorCode.BAD_ARGUMENT,
              "disk " + path + " is empty",
              "Check that this is the image you meant; a disk has at least one byte.");
        }
        return new RawDiskReader(path, channel, size, modified(path), HoleFinder.open(path));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "disk " + path + " is not there",
          "Check the path; a path with an equals sign needs a leading ./",
          e);
    } catch (AccessDeniedException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "disk " + path + " may not be read by this user",
          "Grant read access, or run as the user that owns the image.",
          e);
    } catch (IOException e) {
      throw unreadable(path, 0, e);
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    if (offset < 0 || offset > sizeBytes - target.remaining()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "disk "
              + path
              + ": a read at "
              + offset
              + " of "
              + target.remaining()
              + " bytes ends beyond "
              + sizeBytes,
          "");
    }
    long at = offset;
    int end = target.limit();
    try {
      while (target.position() < end) {
        target.limit(Math.min(end, target.position() + SLICE_BYTES));
        int count = channel.read(target, at);
        if (count < 0) {
          throw new SendenseException(
              ErrorCode.SOURCE_CHANGED_SIZE,
              "disk " + path + " shrank below " + sizeBytes + " bytes while it was read",
              "Stop what writes to it, or back the machine up through its hypervisor.");
        }
        at += count;
      }
    } catch (IOException e) {
      throw unreadable(path, at, e);
    } finally {
      target.limit(end);
    }
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    return holes.map(finder -> finder.data(within)).orElseGet(() -> List.of(within));
  }

  @Override
  public void verifyUnchanged() {
    try {
      if (channel.size() != sizeBytes) {
        throw new SendenseException(
            ErrorCode.SOURCE_CHANGED_SIZE,
            "disk "
                + path
                + " went from "
                + sizeBytes
                + " to "
                + channel.size()
                + " bytes while it was read",
            "Stop what writes to it, or back the machine up through its hypervisor.");
      }
      if (!modified(path).equals(modifiedAtOpen)) {
        throw new SendenseException(
            ErrorCode.SOURCE_UNREADABLE,
            "disk " + path + " was written while it was read, so what was read is no point in time",
            "Stop what writes to it, or back the machine up through its hypervisor.");
      }
    } catch (IOException e) {
      throw unreadable(path, 0, e);
    }
  }

  @Override
  public void close() {
    holes.ifPresent(HoleFinder::close);
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(path, 0, e);
    }
  }

  private static Optional<FileTime> modified(Path path) throws IOException {
    return Files.isRegularFile(path)
        ? Optional.of(Files.getLastModifiedTime(path))
        : Optional.empty();
  }

  private static SendenseException unreadable(Path path, long offset, IOException cause) {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "disk " + path + " cannot be read at byte " + offset + ": " + cause.getMessage(),
        "Check the medium and the file system's log.",
        cause);
  }
}
