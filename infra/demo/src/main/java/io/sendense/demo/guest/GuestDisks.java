package io.sendense.demo.guest;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
    return of(create(folder, "data", DATA_BYTES), create(folder, "log", LOG_BYTES), "qcow2");
  }

  private static Path create(Path folder, String name, long sizeBytes) {
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
          List.of("/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-L", name, raw.toString()));
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
