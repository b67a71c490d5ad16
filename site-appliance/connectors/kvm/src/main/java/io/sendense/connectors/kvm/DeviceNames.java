package io.sendense.connectors.kvm;

import java.util.Optional;

/** How disks are named, and what their format allows. Pure. */
final class DeviceNames {
  private static final String BACKEND = "/virtio-backend";
  private static final String WITH_ID = "/machine/peripheral/";

  private DeviceNames() {}

  /** Firmware in flash memory is listed among the drives, as a device outside these folders. */
  static boolean isDisk(String qdev) {
    return !qdev.isEmpty()
        && (!qdev.startsWith("/")
            || qdev.startsWith("/machine/peripheral")
            || qdev.startsWith("/machine/unattached/"));
  }

  /** QEMU names a device by its id or, where it keeps the disk in an inner object, by a path. */
  static String qomPath(String qdev) {
    return qdev.isEmpty() || qdev.startsWith("/") ? qdev : WITH_ID + qdev;
  }

  /** The device's id; without one QEMU's name of the drive; without that the path. */
  static String diskName(String qdev, String drive) {
    String path = qdev.endsWith(BACKEND) ? cut(qdev, BACKEND.length()) : qdev;
    if (!path.startsWith("/")) {
      return path;
    }
    if (path.startsWith(WITH_ID) && path.indexOf('/', WITH_ID.length()) < 0) {
      return path.substring(WITH_ID.length());
    }
    return drive.isEmpty() ? path.substring(path.lastIndexOf('/') + 1) : drive;
  }

  private static String cut(String text, int tail) {
    return text.substring(0, text.length() - tail);
  }

  static Optional<String> whyNoBitmaps(String format, String compat) {
    if (!format.equals("qcow2")) {
      return Optional.of(
          "its format "
              + format
              + " keeps no dirty bitmap; only qcow2 does, so every backup of it"
              + " compares in full");
    }
    if (compat.equals("0.10")) {
      return Optional.of(
          "it is a qcow2 of version 2, which keeps no dirty bitmap; qemu-img amend -o compat=1.1"
              + " mends that");
    }
    return Optional.empty();
  }
}
