package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Says why a read failed, where something other than the medium was to blame. */
final class ExplainingReader implements DiskReader {
  private final DiskReader reader;
  private final Supplier<Optional<SendenseException>> why;

  ExplainingReader(DiskReader reader, Supplier<Optional<SendenseException>> why) {
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
      SendenseException reason = why.get().orElse(e);
      if (reason != e) {
        reason.addSuppressed(e);
      }
      throw reason;
    }
  }
}
