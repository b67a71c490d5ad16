package io.sendense.images;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.Locale;

/** The formats, and which disk sizes each of them can hold. */
public enum ImageFormat {
  /** Counts in sectors; QEMU takes at most 32 MiB of first-level table, which is 2 PiB. */
  QCOW2(512, 1L << 51),
  /** streamOptimized counts in grains. Beyond 64 TiB no reader is known. */
  VMDK(64 << 10, 64L << 40),
  /** [MS-VHDX] ends at 64 TiB. */
  VHDX(512, 64L << 40),
  /** Fixed. Readers take at most 0xff000000 sectors. */
  VHD(512, 2040L << 30);

  private final int unitBytes;
  private final long maxBytes;

  ImageFormat(int unitBytes, long maxBytes) {
    this.unitBytes = unitBytes;
    this.maxBytes = maxBytes;
  }

  /** Also the usual ending of a file's name, without the dot. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The size of the image of a disk: rounded up to what the format counts in; the rest is zeros.
   *
   * @throws SendenseException LIMIT_REACHED where the format cannot hold the disk
   */
  public long imageBytes(long diskBytes) {
    if (diskBytes > maxBytes) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "a disk of "
              + diskBytes
              + " bytes does not fit a "
              + label()
              + " image, which holds at most "
              + maxBytes,
          "Use a format without that limit, such as raw or qcow2.");
    }
    return Math.ceilDiv(diskBytes, unitBytes) * unitBytes;
  }
}
