package io.sendense.appliance.daemon;

import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.Stage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What promise 1 and docs/formats/licence.md say of an appliance, written down a second time and as
 * plainly as can be: one licence, one lease, one floor.
 */
final class LicenceModel {
  private static final Duration GRACE = Duration.ofDays(3);

  /** What lies on the disk, and is lost or comes back with it. */
  record Disk(
      @Nullable Instant floor, boolean licence, boolean licenceTampered, @Nullable Lease lease) {}

  record Lease(long sequence, Instant from, boolean tampered) {}

  Disk disk = new Disk(null, false, false, null);
  boolean trusted = true;
  boolean sameHardware = true;

  boolean isLicensed() {
    return disk.licence() && !disk.licenceTampered() && trusted && sameHardware;
  }

  void looked(Instant now, Duration elapsed) {
    Instant before = disk.floor() == null ? now : disk.floor().plus(elapsed);
    floor(now.isAfter(before) ? now : before);
  }

  private void floor(Instant floor) {
    disk = new Disk(floor, disk.licence(), disk.licenceTampered(), disk.lease());
  }

  /** Whether the appliance takes a genuine answer of the cloud. */
  boolean renewed(long sequence, Instant from) {
    if (!trusted || !sameHardware) {
      return false;
    }
    Lease held = lease();
    boolean later = held != null && sequence > held.sequence();
    Instant floor = disk.floor();
    if (later || floor == null || from.isAfter(floor)) {
      floor = from;
    }
    disk = new Disk(floor, true, false, new Lease(sequence, from, false));
    return true;
  }

  void tamper(boolean licence) {
    Lease lease = disk.lease();
    disk =
        new Disk(
            disk.floor(),
            disk.licence(),
            disk.licenceTampered() || licence,
            lease == null || licence ? lease : new Lease(lease.sequence(), lease.from(), true));
  }

  Stage stage(Instant now) {
    if (!isLicensed()) {
      return Stage.VALID;
    }
    Lease lease = lease();
    Instant asOf = latest(now, disk.floor(), Grants.FROM, lease == null ? null : lease.from());
    Instant end =
        lease == null
            ? Grants.FROM.plus(Licence.DEFAULT_OFFLINE)
            : earlier(Grants.TO, lease.from().plus(Grants.LEASE));
    if (asOf.isBefore(end)) {
      return Stage.VALID;
    }
    if (asOf.isBefore(end.plus(GRACE))) {
      return Stage.GRACE;
    }
    return asOf.isBefore(end.plus(GRACE).plus(Duration.ofDays(14)))
        ? Stage.RESTRICTED
        : Stage.SUSPENDED;
  }

  private @Nullable Lease lease() {
    Lease lease = disk.lease();
    return isLicensed() && lease != null && !lease.tampered() ? lease : null;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant latest(Instant first, @Nullable Instant... others) {
    Instant latest = first;
    for (Instant other : others) {
      latest = other != null && other.isAfter(latest) ? other : latest;
    }
    return latest;
  }
}
