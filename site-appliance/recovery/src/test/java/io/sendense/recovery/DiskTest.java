package io.sendense.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.disk.Volumes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Partition tables as sfdisk and sgdisk make them. */
@Tag("server")
class DiskTest {
  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void everyPartitionOfAGptIsFoundAndSoItIsFromItsBackup() throws IOException {
    Path disk = disk(64);
    Tools.run("sgdisk", "-n", "1:2048:+8M", "-n", "3:0:+16M", "-c", "3:data", disk);
    List<String> expected = List.of("disk0p1 1048576", "disk0p3 9437184");

    assertThat(starts(disk)).isEqualTo(expected);

    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.seek(512 + 60);
      file.write(0x55);
    }
    assertThat(starts(disk)).isEqualTo(expected);
  }

  @Test
  void primaryAndLogicalPartitionsOfAnMbrAreFound() throws IOException {
    Path disk = disk(64);
    Path script = folder.resolve("script");
    Files.writeString(
        script,
        """
        label: dos
        start=1MiB,size=4MiB
        start=8MiB,size=40MiB,type=5
        start=9MiB,size=4MiB
        start=20MiB,size=4MiB
        start=30MiB,size=2MiB
        """);
    Tools.run("sh", "-c", "sfdisk --no-reread " + disk + " < " + script);

    assertThat(starts(disk))
        .containsExactly(
            "disk0p1 " + MIB, "disk0p5 " + 9 * MIB, "disk0p6 " + 20 * MIB, "disk0p7 " + 30 * MIB);
  }

  @Test
  void aChainOfLogicalPartitionsThatPointsBackEnds() throws IOException {
    Path disk = disk(8);
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      entry(file, 0, 0, 5, 2048, 4096);
      entry(file, 2048, 0, 0x83, 10, 20);
      entry(file, 2048, 1, 5, 100, 200);
      entry(file, 2148, 0, 0x83, 10, 20);
      entry(file, 2148, 1, 5, 100, 200);
    }

    assertThat(starts(disk)).containsExactly("disk0p5 1053696", "disk0p6 1104896");
  }

  @Test
  void aFileSystemWithoutATableIsTheWholeDisk() throws IOException {
    Path disk = disk(8);
    Tools.run("mke2fs", "-q", "-F", "-t", "ext4", disk);

    try (FileSource source = new FileSource(disk)) {
      GuestVolume only = Volumes.find(List.of(new GuestDisk("disk0", source))).volumes().getFirst();
      assertThat(only.name()).isEqualTo("disk0");
      assertThat(FileSystems.open(only.source()).type()).isEqualTo("ext4");
    }
  }

  private static void entry(
      RandomAccessFile file, long sector, int index, int type, int first, int count)
      throws IOException {
    long at = sector * 512 + 446 + 16L * index;
    file.seek(at + 4);
    file.write(type);
    file.seek(at + 8);
    file.writeInt(Integer.reverseBytes(first));
    file.writeInt(Integer.reverseBytes(count));
    file.seek(sector * 512 + 510);
    file.write(new byte[] {0x55, (byte) 0xAA});
  }

  private Path disk(int mebibytes) throws IOException {
    Path disk = folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(mebibytes * MIB);
    }
    return disk;
  }

  private static List<String> starts(Path disk) {
    try (FileSource source = new FileSource(disk)) {
      return Volumes.find(List.of(new GuestDisk("disk0", source))).volumes().stream()
          .map(
              volume ->
                  volume.name()
                      + " "
                      + (volume.source() instanceof io.sendense.recovery.block.Window window
                          ? window.offset()
                          : 0))
          .toList();
    }
  }
}
