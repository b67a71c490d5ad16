package io.sendense.images;

import io.sendense.domain.BlockRange;
import io.sendense.testkit.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** Disks as a few pieces of data in much nothing, written in every format and judged by QEMU. */
final class Images {
  static final int UNIT = ImageWriter.UNIT_BYTES;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Images() {}

  /** A disk's content: whole units by offset, all others zeros. */
  record Disk(long sizeBytes, Map<Long, byte[]> units) {
    static Disk random(long sizeBytes, Random random, long... offsets) {
      Map<Long, byte[]> units = new TreeMap<>();
      for (long offset : offsets) {
        byte[] data = new byte[(int) Math.min(UNIT, sizeBytes - offset)];
        random.nextBytes(data);
        // Half of it packs well, so that packed and plain grains stand beside each other.
        if (random.nextBoolean()) {
          Arrays.fill(data, data.length / 4, data.length, (byte) 7);
        }
        units.put(offset, data);
      }
      return new Disk(sizeBytes, units);
    }

    byte[] at(long offset, int length) {
      byte[] unit = units.get(offset);
      return unit == null ? new byte[length] : unit;
    }
  }

  /** The kinds of file made: a format and whether its clusters are packed. */
  enum Kind {
    QCOW2("qcow2", ImageFormat.QCOW2),
    QCOW2_PACKED("qcow2", ImageFormat.QCOW2),
    VMDK("vmdk", ImageFormat.VMDK),
    VHDX("vhdx", ImageFormat.VHDX);

    final String driver;
    final ImageFormat format;

    Kind(String driver, ImageFormat format) {
      this.driver = driver;
      this.format = format;
    }

    ImageWriter create(Path path, long diskBytes) throws IOException {
      long size = format.imageBytes(diskBytes);
      return switch (this) {
        case QCOW2 ->
            Qcow2Writer.create(path, new Qcow2Writer.Options(size, Optional.empty(), false));
        case QCOW2_PACKED ->
            Qcow2Writer.create(path, new Qcow2Writer.Options(size, Optional.empty(), true));
        case VMDK -> VmdkWriter.create(path, size, "disk.vmdk", 0x1234_5678, 2);
        case VHDX -> VhdxWriter.create(path, size, new Random(5));
      };
    }

    ImageReader open(Path path) throws IOException {
      return switch (this) {
        case QCOW2, QCOW2_PACKED -> Qcow2Reader.open(path);
        case VMDK -> VmdkReader.open(path);
        case VHDX -> VhdxReader.open(path);
      };
    }
  }

  static Path write(Path path, Kind kind, Disk disk) {
    try (ImageWriter writer = kind.create(path, disk.sizeBytes())) {
      for (Map.Entry<Long, byte[]> unit : disk.units().entrySet()) {
        writer.write(unit.getKey(), ByteBuffer.wrap(unit.getValue()));
      }
      writer.finish();
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path writeVhd(Path path, Disk disk) {
    raw(path, disk);
    long size = ImageFormat.VHD.imageBytes(disk.sizeBytes());
    byte[] footer = VhdFooter.of(size, Instant.parse("2026-01-02T03:04:05Z"), new UUID(1, 2));
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(footer), size);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same disk as a sparse raw file. */
  static Path raw(Path path, Disk disk) {
    try (var channel =
        Files.newByteChannel(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.position(disk.sizeBytes() - 1).write(ByteBuffer.allocate(1));
      for (Map.Entry<Long, byte[]> unit : disk.units().entrySet()) {
        channel.position(unit.getKey()).write(ByteBuffer.wrap(unit.getValue()));
      }
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What our own reader makes of the file: all its allocated ranges, and each unit's bytes. */
  static Disk read(Path path, Kind kind, long diskBytes) {
    try (ImageReader reader = kind.open(path)) {
      Map<Long, byte[]> units = new TreeMap<>();
      for (BlockRange range : reader.allocated(new BlockRange(0, reader.sizeBytes()))) {
        for (long at = range.offset() / UNIT * UNIT; at < range.end(); at += UNIT) {
          if (at < diskBytes) {
            byte[] data = new byte[(int) Math.min(UNIT, diskBytes - at)];
            reader.read(at, ByteBuffer.wrap(data));
            if (!ImageFile.isZero(data, 0, data.length)) {
              units.put(at, data);
            }
          }
        }
      }
      return new Disk(reader.sizeBytes(), units);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String qemuImg(Object... arguments) {
    List<String> command =
        new java.util.ArrayList<>(Arrays.stream(arguments).map(String::valueOf).toList());
    command.addFirst("qemu-img");
    return ChildProcess.run(LIMIT, command).orFail().stdout();
  }
}
