package io.sendense.connectors.kvm;

import java.util.List;
import java.util.Optional;

/**
 * A writable disk of a running virtual machine.
 *
 * @param name stable within the machine: the device's id, or QEMU's name of the drive
 * @param qomPath the guest device that the disk hangs on
 * @param node the block node on which the device works
 * @param noBitmaps why no persistent bitmap can be kept on it; empty where one can
 */
record QemuDisk(
    String name,
    String qomPath,
    String node,
    String format,
    long sizeBytes,
    Optional<String> noBitmaps,
    List<DirtyBitmap> bitmaps) {
  QemuDisk {
    bitmaps = List.copyOf(bitmaps);
  }

  Optional<DirtyBitmap> bitmap(String bitmapName) {
    return bitmaps.stream().filter(b -> b.name().equals(bitmapName)).findFirst();
  }
}
