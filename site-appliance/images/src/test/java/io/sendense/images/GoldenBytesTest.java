package io.sendense.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.images.Images.Disk;
import io.sendense.images.Images.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files' own structures, byte for byte as QEMU once accepted them. */
class GoldenBytesTest {
  private static final int LINE = 32;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theHeadersAreTheBytesThatQemuAccepted(Kind kind) throws IOException {
    // What deflate makes of data may differ between zlib's versions, so the vmdk is an empty one.
    long[] data = kind == Kind.VMDK ? new long[0] : new long[] {0, 70L << 20};
    Disk disk = Disk.random(100L << 20, new Random(9), data);
    Path image = Images.write(folder.resolve("image"), kind, disk);
    long[][] parts =
        switch (kind) {
          case QCOW2, QCOW2_PACKED ->
              new long[][] {{0, 128}, {65_536, 32}, {2 << 16, 8}, {3 << 16, 8}};
          case VMDK -> new long[][] {{0, 1024}, {65_536, 2560}};
          case VHDX ->
              new long[][] {
                {0, 64},
                {64 << 10, 96},
                {128 << 10, 96},
                {192 << 10, 96},
                {256 << 10, 96},
                {2 << 20, 192},
                {(2 << 20) + (64 << 10), 40},
                {3 << 20, 16}
              };
        };
    assertThat(dump(image, parts))
        .isEqualTo(golden(kind.name().toLowerCase(java.util.Locale.ROOT)));
  }

  @Test
  void theVhdFooterIsTheBytesThatQemuAccepted() throws IOException {
    Disk disk = Disk.random(100L << 20, new Random(9), 0);
    Path image = Images.writeVhd(folder.resolve("image"), disk);
    assertThat(dump(image, new long[][] {{100L << 20, 512}})).isEqualTo(golden("vhd"));
  }

  @Test
  void aVmdkFileThatWouldOutgrowItsAddressesIsRefused() {
    assertThat(VmdkLayout.entry((2L << 40) - 512)).isEqualTo(-1);
    assertThatThrownBy(() -> VmdkLayout.entry(2L << 40))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
  }

  @Test
  void aChangedByteInAVhdxHeaderIsNoticed() throws IOException {
    Path image =
        Images.write(folder.resolve("image"), Kind.VHDX, Disk.random(1 << 20, new Random(1), 0));
    flip(image, (64 << 10) + 20);
    assertThatThrownBy(() -> VhdxReader.open(image))
        .isInstanceOf(ImageDamage.class)
        .hasMessageContaining("checksum");
  }

  @ParameterizedTest
  @EnumSource
  void aFileCutShortIsNoticed(Kind kind) throws IOException {
    Disk disk = Disk.random(8 << 20, new Random(1), 0, 1 << 20, 7 << 20);
    Path image = Images.write(folder.resolve("image"), kind, disk);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }
    assertThatThrownBy(() -> readAll(image, kind)).isInstanceOf(ImageDamage.class);
  }

  private static void readAll(Path image, Kind kind) throws IOException {
    try (ImageReader reader = kind.open(image)) {
      reader.read(0, ByteBuffer.allocate(8 << 20));
    }
  }

  private static void flip(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) ~one.get(0)).flip();
      channel.write(one, at);
    }
  }

  private static String dump(Path file, long[][] parts) throws IOException {
    StringBuilder text = new StringBuilder();
    try (FileChannel channel = FileChannel.open(file)) {
      for (long[] part : parts) {
        byte[] bytes = new byte[(int) part[1]];
        channel.read(ByteBuffer.wrap(bytes), part[0]);
        for (int at = 0; at < bytes.length; at += LINE) {
          int end = Math.min(bytes.length, at + LINE);
          String hex = HexFormat.of().formatHex(bytes, at, end);
          if (!hex.matches("0+")) {
            text.append("%08x %s\n".formatted(part[0] + at, hex));
          }
        }
      }
    }
    return text.toString();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = GoldenBytesTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .collect(Collectors.joining("\n", "", "\n"));
    }
  }
}
