package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Says why a read failed: over NBD a machine that was powered off and a scratch that ran full look
 * like any other error.
 */
final class ExplainingReader implements DiskReader {
  /** Below this a scratch file cannot take one more block of any usual size. */
  private static final long FULL_BYTES = 1 << 20;

  private final DiskReader reader;
  private final Path qmpSocket;
  private final Path scratchFolder;
  private final QmpClient qmp;

  ExplainingReader(DiskReader reader, Path qmpSocket, Path scratchFolder, QmpClient qmp) {
    this.reader = reader;
    this.qmpSocket = qmpSocket;
    this.scratchFolder = scratchFolder;
    this.qmp = qmp;
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
      if (!qmp.isOpen()) {
        throw new SendenseException(
            ErrorCode.SOURCE_UNREADABLE,
            "the virtual machine at " + qmpSocket + " went away while it was read",
            "It was powered off or its QEMU ended; capture again when it runs.",
            e);
      }
      if (scratchIsFull()) {
        throw new SendenseException(
            ErrorCode.NO_SPACE,
            "the scratch folder "
                + scratchFolder
                + " ran full, so the old content of overwritten blocks is lost; the guest was not"
                + " disturbed",
            "Give the scratch folder more space, or capture when the guest writes less.",
            e);
      }
      throw e;
    }
  }

  private boolean scratchIsFull() {
    try {
      return Files.getFileStore(scratchFolder).getUsableSpace() < FULL_BYTES;
    } catch (IOException e) {
      return false;
    }
  }
}
