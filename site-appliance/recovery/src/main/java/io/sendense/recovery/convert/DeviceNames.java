package io.sendense.recovery.convert;

import io.sendense.recovery.disk.GuestVolume;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which volume a guest means by a device name of its old platform. Names of disks follow their
 * order; where disks changed their order since, what lies on the volume tells, so callers check
 * that.
 */
final class DeviceNames {
  private static final Pattern LETTERS =
      Pattern.compile("/dev/(?:sd|vd|xvd|hd)([a-z]{1,2})([0-9]{0,3})");
  private static final Pattern NUMBERS =
      Pattern.compile("/dev/(?:nvme([0-9]{1,3})n1|mmcblk([0-9]{1,2}))(?:p([0-9]{1,3}))?");
  private static final Pattern PLACES =
      Pattern.compile("/dev/disk/by-(?:id|path)/.*?(?:-part([0-9]{1,3}))?");

  private final List<GuestVolume> volumes;
  private final Contents known;

  DeviceNames(Contents known) {
    this.volumes = known.volumes();
    this.known = known;
  }

  /** Whether a name will be another one on another platform. */
  static boolean moves(String device) {
    return LETTERS.matcher(device).matches()
        || NUMBERS.matcher(device).matches()
        || PLACES.matcher(device).matches();
  }

  /** The volume of a device name or of what fstab may say in its place. */
  Optional<GuestVolume> volume(String device) {
    String text = device.replace("\"", "");
    if (text.startsWith("UUID=")) {
      return known.byUuid(text.substring(5));
    } else if (text.startsWith("/dev/disk/by-uuid/")) {
      return known.byUuid(text.substring(18));
    } else if (text.startsWith("LABEL=")) {
      return known.byLabel(text.substring(6));
    } else if (text.startsWith("/dev/disk/by-label/")) {
      return known.byLabel(text.substring(19));
    } else if (text.startsWith("/dev/mapper/")) {
      return named(mapped(text.substring(12)));
    }
    Matcher letters = LETTERS.matcher(text);
    if (letters.matches()) {
      return partition(disk(letters.group(1)), letters.group(2));
    }
    Matcher numbers = NUMBERS.matcher(text);
    if (numbers.matches()) {
      String disk = numbers.group(1) == null ? numbers.group(2) : numbers.group(1);
      return partition(Integer.parseInt(disk), numbers.group(3));
    }
    Matcher places = PLACES.matcher(text);
    if (places.matches()) {
      boolean several = volumes.stream().anyMatch(v -> v.name().startsWith("disk1"));
      return several ? Optional.empty() : partition(0, places.group(1));
    }
    return text.startsWith("/dev/") ? named(text.substring(5)) : Optional.empty();
  }

  private Optional<GuestVolume> partition(
      int disk, @org.jspecify.annotations.Nullable String part) {
    return named("disk" + disk + (part == null || part.isEmpty() ? "" : "p" + part));
  }

  private Optional<GuestVolume> named(String name) {
    return volumes.stream().filter(volume -> volume.name().equals(name)).findFirst();
  }

  private static int disk(String letters) {
    int number = 0;
    for (int i = 0; i < letters.length(); i++) {
      number = number * 26 + letters.charAt(i) - 'a' + 1;
    }
    return number - 1;
  }

  /** Device-mapper's name of a logical volume: one hyphen parts, two are one of a name. */
  private static String mapped(String name) {
    return name.replaceFirst("(?<!-)-(?!-)", "/").replace("--", "-");
  }
}
