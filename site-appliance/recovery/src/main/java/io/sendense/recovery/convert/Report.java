package io.sendense.recovery.convert;

import io.sendense.recovery.disk.GuestVolume;
import java.util.List;
import java.util.Optional;

/**
 * What was found out about a guest before anything is written.
 *
 * @param system such as "Debian GNU/Linux 12 (bookworm)"
 * @param firmware from which its disks start: BIOS, UEFI, both or none
 * @param kernels the versions that it can start
 * @param changes what makes it ready for the target; whether they may be made, {@link #ready} says
 */
public record Report(
    Target target,
    String system,
    String firmware,
    List<String> kernels,
    List<Finding> findings,
    List<Change> changes,
    List<GuestVolume> volumes,
    Optional<Helper> helper) {

  /** Whether nothing stands in the way. */
  public boolean ready() {
    return findings.stream().noneMatch(f -> f.severity() == Finding.Severity.BLOCKER);
  }

  /**
   * What the writing machine starts from: a kernel, the guest's own where it has one, and modules
   * in their order.
   *
   * @param disk the driver of the disks it is given
   * @param modules by their names, not compressed
   * @param programs by their paths in the machine, besides busybox
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared by value
  public record Helper(byte[] kernel, String disk, List<File> modules, List<File> programs) {
    /** A file of the machine's. */
    @SuppressWarnings(
        "ArrayRecordComponent") // made once, never changed and never compared by value
    public record File(String name, byte[] content) {}
  }
}
