package io.sendense.connectors.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.TargetDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawTargetDiskTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void wholeBlocksAndTheRestOfADiskReadBackAsWritten() throws IOException {
    byte[] content = new byte[3 * MIB + 300];
    new Random(7).nextBytes(content);
    Arrays.fill(content, MIB, 2 * MIB, (byte) 0);
    Path file = folder.resolve("disk.img");
    DiskTarget target =
        new DiskTarget(
            name -> file,
            DiskTarget.Format.RAW,
            false,
            new Records(),
            new Random(1),
            InstantSource.system());
    try (TargetDisk disk = target.createDisk("vda", content.length)) {
      for (int at : new int[] {0, 2 * MIB, 3 * MIB}) {
        int length = Math.min(MIB, content.length - at);
        disk.write(at, ByteBuffer.wrap(content, at, length));
        if (disk.writesThrough(at, length)) {
          assertThat(readBack(disk, at, length)).isEqualTo(part(content, at, length));
        }
      }
      assertThat(disk.writesThrough(3 * MIB, 300)).isFalse();
      assertThat(disk.writesThrough(512, MIB)).isFalse();
      disk.flush();
      assertThat(readBack(disk, 0, content.length)).isEqualTo(content);
      assertThat(readBack(disk, 2 * MIB, MIB)).isEqualTo(part(content, 2 * MIB, MIB));
      disk.finish();
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
  }

  private static byte[] readBack(TargetDisk disk, int offset, int length) {
    byte[] found = new byte[length];
    disk.readBack(offset, ByteBuffer.wrap(found));
    return found;
  }

  private static byte[] part(byte[] content, int offset, int length) {
    return Arrays.copyOfRange(content, offset, offset + length);
  }

  private static final class Records implements OwnerRecords {
    private final List<Resource> all = new ArrayList<>();

    @Override
    public void add(Resource resource) {
      all.add(resource);
    }

    @Override
    public void remove(Resource resource) {
      all.remove(resource);
    }

    @Override
    public List<Resource> list(String source) {
      return List.copyOf(all);
    }
  }
}
