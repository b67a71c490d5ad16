package io.sendense.connectors.disk;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.TargetConnector;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Restores disks to new raw or qcow2 files. */
public final class DiskTarget implements TargetConnector {
  /** Format of the files made. */
  public enum Format {
    RAW,
    QCOW2
  }

  private static final String SOURCE = "restored files";

  private final Function<String, Path> placeOf;
  private final Format format;
  private final OwnerRecords records;
  private final RandomGenerator random;

  /**
   * @param placeOf final path of the disk with a given name
   */
  public DiskTarget(
      Function<String, Path> placeOf, Format format, OwnerRecords records, RandomGenerator random) {
    this.placeOf = placeOf;
    this.format = format;
    this.records = records;
    this.random = random;
  }

  @Override
  public TargetDisk createDisk(String name, long sizeBytes) {
    Path path = placeOf.apply(name);
    NewFile file = NewFile.reserve(records, source(path), random, path);
    return switch (format) {
      case RAW -> RawTargetDisk.create(file, sizeBytes);
      case QCOW2 -> Qcow2TargetDisk.create(file, records, source(path), sizeBytes);
    };
  }

  @Override
  public void reap(String name) {
    String source = source(placeOf.apply(name));
    QemuNbd.reap(records, source);
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

  private static String source(Path path) {
    return SOURCE + " " + path.toAbsolutePath().normalize();
  }
}
