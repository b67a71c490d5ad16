package io.sendense.demo.guest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The guest's two disks: {@code data} with the records and {@code log}, which trails it by one
 * record at most.
 */
public record GuestDisks(Disk data, Disk log) {
  private static final long DATA_BYTES = 512L << 20;
  private static final long LOG_BYTES = 64L << 20;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /**
   * One image file.
   *
   * @param format {@code qcow2} or {@code raw}
   */
  public record Disk(Path file, String format) {}

  /** Two images that are there already, such as restored ones. */
  public static GuestDisks of(Path data, Path log, String format) {
    return new GuestDisks(new Disk(data, format), new Disk(log, format));
  }

  /** Makes two new qcow2 images with an empty ext4 on each. */
  public static GuestDisks create(Path folder) {
    return create(folder, 0, RandomGenerator.of("L64X128MixRandom"));
  }

  /**
   * Makes two new qcow2 images with an ext4 on each; the data disk holds a file that the guest
   * leaves alone, as most of a real disk's content is left alone from one day to the next.
   *
   * @param ballastBytes size of that file, half of it incompressible
   */
  public static GuestDisks create(Path folder, long ballastBytes, RandomGenerator random) {
    Path content = folder.resolve("content");
    try {
      Files.createDirectories(content);
      if (ballastBytes > 0) {
        writeBallast(content.resolve("ballast"), ballastBytes, random);
      }
      Path data = create(folder, "data", DATA_BYTES, List.of("-d", content.toString()));
      Files.deleteIfExists(content.resolve("ballast"));
      Files.delete(content);
      return of(data, create(folder, "log", LOG_BYTES, List.of()), "qcow2");
    } catch (IOException e) {
      throw new UncheckedIOException("the guest's disks could not be made in " + folder, e);
    }
  }

  private static void writeBallast(Path file, long bytes, RandomGenerator random)
      throws IOException {
    byte[] block = new byte[1 << 16];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long written = 0; written < bytes; written += block.length) {
        random.nextBytes(block);
        Arrays.fill(block, block.length / 2, block.length, (byte) (written >> 16));
        out.write(block, 0, (int) Math.min(block.length, bytes - written));
      }
    }
  }

  private static Path create(Path folder, String name, long sizeBytes, List<String> options) {
    Path raw = folder.resolve(name + ".raw");
    Path image = folder.resolve(name + ".qcow2");
    try {
      Files.createDirectories(folder);
      try (RandomAccessFile file = new RandomAccessFile(raw.toFile(), "rw")) {
        file.setLength(sizeBytes);
      }
      Tool.run(
          folder,
          DEADLINE,
          "Install e2fsprogs.",
          Stream.of(
                  List.of("/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-L", name),
                  options,
                  List.of(raw.toString()))
              .flatMap(List::stream)
              .toList());
      Tool.run(
          folder,
          DEADLINE,
          "Install qemu-utils.",
          List.of(
              "qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString()));
      Files.delete(raw);
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException("the guest's disk " + image + " could not be made", e);
    }
  }
}
