package io.sendense.recovery;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.CachedSource;
import java.nio.file.Path;

/** An image file, for tests of other packages. */
public final class FileDisk implements AutoCloseable {
  private final FileSource source;
  private final BlockSource cached;

  public FileDisk(Path file) {
    source = new FileSource(file);
    cached = new CachedSource(source, 8 << 20);
  }

  public BlockSource cached() {
    return cached;
  }

  @Override
  public void close() {
    source.close();
  }
}
