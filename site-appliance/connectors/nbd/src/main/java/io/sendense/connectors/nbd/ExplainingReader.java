package io.sendense.connectors.nbd;

import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Says why a read failed: over NBD a machine that was powered off, or a scratch that ran full,
 * looks like any other error. As thread-safe as the reader and the explanation that it was given.
 */
public final class ExplainingReader implements DiskReader {
  private final DiskReader reader;
  private final Function<SendenseException, Optional<SendenseException>> why;

  /**
   * @param why the error to throw in place of the one given, which is its cause; empty where
   *     nothing better is known
   */
  public ExplainingReader(
      DiskReader reader, Function<SendenseException, Optional<SendenseException>> why) {
    this.reader = reader;
    this.why = why;
  }

  @Override
  public long sizeBytes() {
    return reader.sizeBytes();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    explain(
        () -> {
          reader.read(offset, target);
          return offset;
        });
  }

  @Override
  public List<BlockRange> allocated(BlockRange within) {
    return explain(() -> reader.allocated(within));
  }

  @Override
  public void close() {
    reader.close();
  }

  private <T> T explain(Supplier<T> call) {
    try {
      return call.get();
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.BAD_ARGUMENT || e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      throw why.apply(e).orElse(e);
    }
  }
}
