package io.sendense.connectors.disk;

import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.images.ImageDamage;
import io.sendense.images.ImageReader;
import io.sendense.images.ImageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image file being written under a temporary name. It is read back through a reader that knows
 * nothing of the writer, so by what stands in the file.
 */
final class ImageTargetDisk implements TargetDisk {
  private final NewFile file;
  private final long sizeBytes;
  private final ImageWriter writer;
  private final Opener opener;
  private volatile @Nullable ImageReader reader;

  /** Opens the finished file. */
  interface Opener {
    ImageReader open(Path path) throws IOException;
  }

  /** Makes the empty file. */
  interface Maker {
    ImageWriter create(Path path) throws IOException;
  }

  private ImageTargetDisk(NewFile file, long sizeBytes, ImageWriter writer, Opener opener) {
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.writer = writer;
    this.opener = opener;
  }

  static ImageTargetDisk create(NewFile file, long sizeBytes, Maker maker, Opener opener) {
    try {
      return new ImageTargetDisk(file, sizeBytes, maker.create(file.temporary()), opener);
    } catch (IOException e) {
      file.discard();
      throw file.failure(e);
    }
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean ascending() {
    return writer.ascending();
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    try {
      writer.write(offset, source);
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  @Override
  public void flush() {
    try {
      writer.finish();
      writer.close();
      try (HoleFinder cache = HoleFinder.open(file.temporary()).orElse(null)) {
        if (cache != null) {
          cache.dropCache();
        }
      }
      reader = opener.open(file.temporary());
    } catch (ImageDamage e) {
      throw damaged(e);
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  @Override
  public void readBack(long offset, ByteBuffer target) {
    try {
      flushed().read(offset, target);
    } catch (ImageDamage e) {
      throw damaged(e);
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    try {
      return flushed().allocated(within);
    } catch (ImageDamage e) {
      throw damaged(e);
    } catch (IOException e) {
      throw file.failure(e);
    }
  }

  private ImageReader flushed() {
    ImageReader open = reader;
    if (open == null) {
      throw new IllegalStateException("an image is read back only after a flush");
    }
    return open;
  }

  private SendenseException damaged(ImageDamage cause) {
    return new SendenseException(
        ErrorCode.INTERNAL,
        "what was written to " + file.path() + " does not read back: " + cause.getMessage(),
        "Check the target's medium; the restored disk was removed.",
        cause);
  }

  @Override
  public void finish() {
    closeFiles();
    file.publish();
  }

  @Override
  public void close() {
    try {
      closeFiles();
    } finally {
      file.discard();
    }
  }

  private void closeFiles() {
    try {
      writer.close();
      ImageReader open = reader;
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      throw file.failure(e);
    }
  }
}
