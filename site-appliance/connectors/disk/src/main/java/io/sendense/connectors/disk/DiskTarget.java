package io.sendense.connectors.disk;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.TargetConnector;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.images.ImageFormat;
import io.sendense.images.Qcow2Reader;
import io.sendense.images.Qcow2Writer;
import io.sendense.images.VhdFooter;
import io.sendense.images.VhdxReader;
import io.sendense.images.VhdxWriter;
import io.sendense.images.VmdkReader;
import io.sendense.images.VmdkWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Restores disks to new files, in a format that other programs read too. */
public final class DiskTarget implements TargetConnector {
  /** Format of the files made. */
  public enum Format {
    RAW("img"),
    QCOW2("qcow2"),
    /** streamOptimized. */
    VMDK("vmdk"),
    /** Dynamic. */
    VHDX("vhdx"),
    /** Fixed. */
    VHD("vhd");

    private final String ending;

    Format(String ending) {
      this.ending = ending;
    }

    /** What a file's name ends in, without the dot. */
    public String ending() {
      return ending;
    }

    /** As options and documents name it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String SOURCE = "restored files";
  private static final int PACKING_THREADS_MAX = 8;

  private final Function<String, Path> placeOf;
  private final Format format;
  private final boolean compress;
  private final OwnerRecords records;
  private final RandomGenerator random;
  private final InstantSource clock;

  /**
   * @param placeOf final path of the disk with a given name
   * @param compress the clusters of a qcow2 file; of no meaning for other formats
   */
  public DiskTarget(
      Function<String, Path> placeOf,
      Format format,
      boolean compress,
      OwnerRecords records,
      RandomGenerator random,
      InstantSource clock) {
    this.placeOf = placeOf;
    this.format = format;
    this.compress = compress;
    this.records = records;
    this.random = random;
    this.clock = clock;
  }

  /**
   * {@inheritDoc}
   *
   * @throws SendenseException also LIMIT_REACHED where the format cannot hold such a disk
   */
  @Override
  public TargetDisk createDisk(String name, long sizeBytes) {
    long imageBytes =
        switch (format) {
          case RAW -> sizeBytes;
          case QCOW2 -> ImageFormat.QCOW2.imageBytes(sizeBytes);
          case VMDK -> ImageFormat.VMDK.imageBytes(sizeBytes);
          case VHDX -> ImageFormat.VHDX.imageBytes(sizeBytes);
          case VHD -> ImageFormat.VHD.imageBytes(sizeBytes);
        };
    Path path = placeOf.apply(name);
    NewFile file = NewFile.reserve(records, source(path), random, path);
    return switch (format) {
      case RAW -> RawTargetDisk.create(file, sizeBytes, imageBytes, new byte[0]);
      case VHD -> RawTargetDisk.create(file, sizeBytes, imageBytes, vhdFooter(imageBytes));
      case QCOW2 ->
          ImageTargetDisk.create(
              file,
              sizeBytes,
              image ->
                  Qcow2Writer.create(
                      image, new Qcow2Writer.Options(imageBytes, Optional.empty(), compress)),
              Qcow2Reader::open);
      case VMDK ->
          ImageTargetDisk.create(
              file,
              sizeBytes,
              image ->
                  VmdkWriter.create(
                      image,
                      imageBytes,
                      String.valueOf(path.getFileName()),
                      random.nextInt(),
                      threads()),
              VmdkReader::open);
      case VHDX ->
          ImageTargetDisk.create(
              file,
              sizeBytes,
              image -> VhdxWriter.create(image, imageBytes, random),
              VhdxReader::open);
    };
  }

  private byte[] vhdFooter(long imageBytes) {
    UUID id = new UUID(random.nextLong(), random.nextLong());
    return VhdFooter.of(imageBytes, clock.instant(), id);
  }

  private static int threads() {
    return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, PACKING_THREADS_MAX);
  }

  @Override
  public void reap(String name) {
    String source = source(placeOf.apply(name));
    try {
      NewFile.reap(records, source);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "what an interrupted restore left cannot be removed: " + e.getMessage(),
          "Remove it by hand.",
          e);
    }
  }

  /** {@inheritDoc} The final name is a link to the partial file until that is removed. */
  @Override
  public boolean adopt(String name, long sizeBytes) {
    Path path = placeOf.apply(name);
    try {
      return NewFile.isPublished(records, source(path), path);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "what an interrupted restore left cannot be looked at: " + e.getMessage(),
          "Check the rights of " + path + ".",
          e);
    }
  }

  @Override
  public void undo(String name) {
    Path path = placeOf.apply(name);
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          path + ", of a restore that failed, cannot be removed: " + e.getMessage(),
          "Remove it by hand.",
          e);
    }
  }

  private static String source(Path path) {
    return SOURCE + " " + path.toAbsolutePath().normalize();
  }
}
