package io.sendense.connectors.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawDiskReaderTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void makeASparseDisk() throws IOException {
    disk = folder.resolve("disk.img");
    try (FileChannel channel =
        FileChannel.open(disk, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(filled(MIB, 7), 2L * MIB);
      channel.write(filled(1, 9), 8L * MIB - 1);
    }
  }

  @Test
  void holesAreFoundWithoutReadingThem() {
    try (RawDiskReader reader = RawDiskReader.open(disk)) {
      List<BlockRange> data = reader.allocated(new BlockRange(0, 8L * MIB));
      assertThat(data.getFirst()).isEqualTo(new BlockRange(2L * MIB, MIB));
      assertThat(data.getLast().end()).isEqualTo(8L * MIB);
      assertThat(reader.allocated(new BlockRange(0, MIB))).isEmpty();
      assertThat(reader.allocated(new BlockRange(2L * MIB + 512, 1024)))
          .containsExactly(new BlockRange(2L * MIB + 512, 1024));
    }
  }

  @Test
  void bytesComeFromWhereTheyWereAskedFor() {
    try (RawDiskReader reader = RawDiskReader.open(disk)) {
      ByteBuffer target = ByteBuffer.allocateDirect(4);
      reader.read(2L * MIB - 2, target);
      assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {0, 0, 7, 7}));
    }
  }

  @Test
  void aReadBeyondTheEndIsRefused() {
    try (RawDiskReader reader = RawDiskReader.open(disk)) {
      assertThatThrownBy(() -> reader.read(8L * MIB - 1, ByteBuffer.allocate(2)))
          .hasMessageContaining("ends beyond");
    }
  }

  @Test
  void aDiskThatShrinksWhileItIsReadIsNoticed() throws IOException {
    try (RawDiskReader reader = RawDiskReader.open(disk)) {
      try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
        channel.truncate(MIB);
      }
      assertThatThrownBy(() -> reader.read(2L * MIB, ByteBuffer.allocate(2)))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_CHANGED_SIZE));
      assertThatThrownBy(reader::verifyUnchanged).hasMessageContaining("while it was read");
    }
  }

  @Test
  void aDiskWrittenWhileItIsReadIsNoPointInTime() throws IOException {
    try (RawDiskReader reader = RawDiskReader.open(disk)) {
      reader.verifyUnchanged();
      try (FileChannel channel = FileChannel.open(disk, StandardOpenOption.WRITE)) {
        channel.write(filled(1, 1), 0);
      }
      Files.setLastModifiedTime(disk, FileTime.fromMillis(1));
      assertThatThrownBy(reader::verifyUnchanged).hasMessageContaining("written while it was read");
    }
  }

  @Test
  void whatIsNotADiskIsRefusedWithItsName() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.img"));
    assertThatThrownBy(() -> RawDiskReader.open(empty)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> RawDiskReader.open(folder)).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> RawDiskReader.open(folder.resolve("none")))
        .hasMessageContaining("is not there");
  }

  private static ByteBuffer filled(int length, int value) {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    java.util.Arrays.fill(buffer.array(), (byte) value);
    return buffer;
  }
}
