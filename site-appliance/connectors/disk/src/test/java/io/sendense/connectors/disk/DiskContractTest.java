package io.sendense.connectors.disk;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.connectors.testkit.SourceContract;
import io.sendense.connectors.testkit.SourceUnderTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class DiskContractTest extends SourceContract {
  @TempDir private Path folder;

  @Override
  protected SourceUnderTest machine() throws Exception {
    for (String name : List.of("a", "b")) {
      try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
        file.setLength(SourceUnderTest.DISK_BYTES);
      }
    }
    return new Files(folder);
  }

  private record Files(Path folder) implements SourceUnderTest {
    @Override
    public List<String> disks() {
      return List.of("a", "b");
    }

    @Override
    public SourceConnector connector(OwnerRecords records) {
      return new DiskSource(
          "vm",
          SourceDisk.parseAll(List.of("a=" + folder.resolve("a"), "b=" + folder.resolve("b"))),
          records,
          () -> Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Override
    public void write(String disk, int value, int offset, int length) {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) value);
      try (var channel =
          java.nio.channels.FileChannel.open(folder.resolve(disk), StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(bytes), offset);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<String> remains() {
      return Arrays.stream(folder.toFile().list()).sorted().toList();
    }

    @Override
    public boolean tracks() {
      return false;
    }

    @Override
    public boolean standsStill() {
      return false;
    }

    @Override
    public boolean abandon(Capture capture) {
      return true;
    }

    @Override
    public void close() {
      // The folder is JUnit's.
    }
  }
}
