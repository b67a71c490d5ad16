package io.sendense.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.images.Images.Disk;
import io.sendense.images.Images.Kind;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What QEMU's own tools say of the files. */
@Tag("server")
class QemuAgreesTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final long TIB = 1L << 40;
  private static final int UNIT = Images.UNIT;

  @TempDir Path folder;

  @BeforeEach
  void needsQemu() {
    List.of("qemu-img", "qemu-io").forEach(Peers::require);
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyDiskIsSmallAndAllZeros(Kind kind) throws IOException {
    Disk disk = Disk.random(10 * GIB, new Random(1));
    Path image = agree(kind, disk);
    assertThat(Images.qemuImg("info", "-f", kind.driver, image)).contains("(10737418240 bytes)");
    assertThat(allocated(image)).isLessThan(2 * MIB);
  }

  @ParameterizedTest
  @EnumSource
  void aDiskFullOfDataIsTheSame(Kind kind) {
    long size = 24 * MIB;
    agree(kind, Disk.random(size, new Random(2), units(size)));
  }

  @ParameterizedTest
  @EnumSource
  void aSparseDiskIsTheSameAndKeepsItsHoles(Kind kind) throws IOException {
    Disk disk =
        Disk.random(
            3 * GIB, new Random(3), 0, UNIT, 5 * MIB, 512 * MIB, GIB - UNIT, GIB, 3 * GIB - UNIT);
    Path image = agree(kind, disk);
    assertThat(allocated(image)).isLessThan(4 * MIB);
  }

  @ParameterizedTest
  @EnumSource
  void aDiskOfAnOddSizeIsPaddedWithZeros(Kind kind) {
    for (long size : new long[] {1, 511, 513, UNIT - 1, UNIT + 1, 3 * MIB + 100, 2 * MIB + 512}) {
      agree(kind, Disk.random(size, new Random(size), units(size)));
    }
  }

  /**
   * QEMU compares a vmdk or vhdx by reading its holes too, which takes hours at these sizes. So it
   * is asked for the places that matter; qcow2 is compared as well.
   */
  @ParameterizedTest
  @EnumSource
  void disksBeyondTwoAndOf64TebibytesHoldWhatWasWrittenWhereItWasWritten(Kind kind) {
    for (long size : new long[] {5 * TIB, 64 * TIB}) {
      Disk disk = new Disk(size, new TreeMap<>());
      StringBuilder commands = new StringBuilder();
      byte pattern = 1;
      for (long at : new long[] {0, 2 * TIB - UNIT, 2 * TIB, size - 3 * TIB + MIB, size - UNIT}) {
        byte[] unit = new byte[UNIT];
        Arrays.fill(unit, pattern);
        disk.units().put(at, unit);
        commands.append("read -q -P ").append(pattern++).append(" " + at + " 64k\n");
        if (at < size - UNIT && !disk.units().containsKey(at + UNIT)) {
          commands.append("read -q -P 0 " + (at + 8 * UNIT) + " 64k\n");
        }
      }
      Path image = Images.write(folder.resolve("image." + size), kind, disk);
      Images.qemuImg("check", "-f", kind.driver, image);
      assertThat(Images.qemuImg("info", "-f", kind.driver, image)).contains("(" + size + " bytes)");
      reads(kind.driver, image, commands.toString());
      assertThat(Images.read(image, kind, size).units().keySet()).isEqualTo(disk.units().keySet());
      assertThat(allocated(image)).isLessThan(12 * MIB);
      if (kind.format == ImageFormat.QCOW2) {
        Path other = folder.resolve("other." + size);
        Images.qemuImg("create", "-q", "-f", "qcow2", other, size);
        reads("qcow2", other, commands.toString().replace("read", "write"));
        Images.qemuImg("compare", "-f", "qcow2", "-F", "qcow2", other, image);
      }
    }
  }

  private static void reads(String driver, Path image, String commands) {
    List<String> command = new ArrayList<>(List.of("qemu-io", "-f", driver));
    commands.lines().forEach(line -> command.addAll(List.of("-c", line)));
    command.add(image.toString());
    ChildProcess.Result result = ChildProcess.run(Duration.ofMinutes(1), command).orFail();
    assertThat(result.stdout() + result.stderr()).doesNotContain("failed");
  }

  @Test
  void aFixedVhdIsTheSameAtEverySizeItCanHave() {
    for (long size : new long[] {1, 513, 3 * MIB + 100, 200 * MIB, 2040 * GIB}) {
      Disk disk = Disk.random(size, new Random(size), 0, (size - 1) / UNIT * UNIT);
      Path raw = Images.raw(folder.resolve(size + ".img"), disk);
      Path image = Images.writeVhd(folder.resolve(size + ".vhd"), disk);
      assertThat(Images.qemuImg("info", "-f", "vpc", image))
          .contains("(" + ImageFormat.VHD.imageBytes(size) + " bytes)");
      Images.qemuImg("compare", "-f", "raw", "-F", "vpc", raw, image);
    }
  }

  @Test
  void aDiskThatTheFormatCannotHoldIsRefused() {
    for (ImageFormat format : List.of(ImageFormat.VHD, ImageFormat.VMDK, ImageFormat.VHDX)) {
      long most = format == ImageFormat.VHD ? 2040 * GIB : 64 * TIB;
      assertThat(format.imageBytes(most)).isEqualTo(most);
      assertThatThrownBy(() -> format.imageBytes(most + 1))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED);
                assertThat(e).hasMessageContaining(format.label()).hasMessageContaining("" + most);
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFileConvertsBackToTheRawDisk(Kind kind) throws IOException {
    long size = 9 * MIB + 512;
    Disk disk = Disk.random(size, new Random(6), 0, 4 * MIB, 9 * MIB);
    Path raw = Images.raw(folder.resolve("source.img"), disk);
    Path image = Images.write(folder.resolve("image." + kind.driver), kind, disk);
    Path back = folder.resolve("back.img");
    Images.qemuImg("convert", "-f", kind.driver, "-O", "raw", image, back);
    try (var channel = FileChannel.open(back, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
    assertThat(Files.mismatch(raw, back)).isEqualTo(-1);
  }

  private Path agree(Kind kind, Disk disk) {
    String name = kind + "-" + disk.sizeBytes();
    Path raw = Images.raw(folder.resolve(name + ".img"), disk);
    Path image = Images.write(folder.resolve(name + "." + kind.driver), kind, disk);
    Images.qemuImg("check", "-f", kind.driver, image);
    Images.qemuImg("compare", "-f", "raw", "-F", kind.driver, raw, image);
    Disk back = Images.read(image, kind, disk.sizeBytes());
    assertThat(back.sizeBytes()).isEqualTo(kind.format.imageBytes(disk.sizeBytes()));
    assertThat(back.units().keySet()).isEqualTo(disk.units().keySet());
    disk.units().forEach((at, data) -> assertThat(back.units().get(at)).isEqualTo(data));
    return image;
  }

  private static long[] units(long size) {
    return LongStream.iterate(0, at -> at < size, at -> at + UNIT).toArray();
  }

  private static long allocated(Path file) {
    return Long.parseLong(
            ChildProcess.run(Duration.ofMinutes(1), "stat", "-c", "%b", file.toString())
                .orFail()
                .stdout()
                .strip())
        * 512;
  }
}
