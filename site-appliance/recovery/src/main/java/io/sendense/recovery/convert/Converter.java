package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.windows.DriverFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes a guest on written disks ready for another platform. */
public final class Converter {
  private final GuestWriter writer;
  private final ImageTool images;
  private final Path scratch;
  private final Supplies supplies;

  /**
   * What comes from this host and not from the guest.
   *
   * @param drivers for Windows, where some were given
   * @param kernels a folder with boot/vmlinuz-VERSION and lib/modules/VERSION, for the machine that
   *     writes to NTFS
   * @param ntfs3g the program; looked for only where a Windows is changed
   * @param clock of which the registry's keys take when they were changed
   */
  public record Supplies(
      Optional<DriverFolder> drivers, Path kernels, Path ntfs3g, InstantSource clock) {}

  /**
   * @param qemuImg of the same QEMU
   * @param busybox linked statically, since it is the only program of a machine
   * @param scratch a folder for a kernel and some tens of MiB while it works
   * @param deadline of the machine that writes
   * @param root whether this process runs as root, whose rights QEMU then drops
   */
  public Converter(
      Path qemu,
      Path qemuImg,
      Path busybox,
      Path scratch,
      Duration deadline,
      boolean root,
      Supplies supplies) {
    this.writer = new GuestWriter(new Machine(qemu, deadline, root), busybox);
    this.images = new ImageTool(qemuImg, deadline);
    this.scratch = scratch;
    this.supplies = supplies;
  }

  /** Disks opened for reading. */
  public interface Opened extends AutoCloseable {
    /** In the machine's order. */
    List<GuestDisk> disks();

    @Override
    void close();
  }

  /**
   * Inspects, writes into images beside the disks, reads back through them, and then brings them
   * down into the disks. Nothing is written where the report has a blocker. Whatever fails or ends
   * it before everything was proved leaves the disks as they were; after that the next call on
   * these disks completes it. A second call after a success changes nothing.
   *
   * @param open opens disks anew each time, so that nothing read before is taken for written:
   *     these, or images over them
   * @return the report by which it went
   * @throws SendenseException CONFLICT where something stands in the way; GUEST_UNSUPPORTED,
   *     DEADLINE_EXCEEDED, NO_SPACE
   */
  public Report apply(
      List<DiskFile> files,
      Function<List<DiskFile>, Opened> open,
      Target target,
      Map<String, String> cards) {
    try (Staging staging = Staging.begin(files, images, step -> {})) {
      return apply(staging, files, open, target, cards);
    }
  }

  private Report apply(
      Staging staging,
      List<DiskFile> files,
      Function<List<DiskFile>, Opened> open,
      Target target,
      Map<String, String> cards) {
    Report report;
    Proof proof;
    GuestWriter.Prepared prepared;
    List<DiskFile> written;
    try (Opened opened = open.apply(files)) {
      report =
          Inspector.inspect(
              opened.disks(), target, cards, supplies.drivers(), supplies.clock().instant());
      if (!report.ready()) {
        throw blocked(report, target);
      }
      if (report.changes().isEmpty()) {
        return report;
      }
      proof = Proof.before(report);
      written = staging.images();
      prepared =
          writer.prepare(
              report,
              report
                  .helper()
                  .orElseGet(() -> new NtfsHelper(supplies.kernels(), supplies.ntfs3g()).make()),
              opened.disks(),
              written);
    }
    writer.write(prepared, scratch);
    try (Opened opened = open.apply(written)) {
      proof.check(report, opened.disks());
    }
    staging.bringDown();
    return report;
  }

  private static SendenseException blocked(Report report, Target target) {
    return new SendenseException(
        ErrorCode.CONFLICT,
        "the guest cannot be made ready for "
            + target.label()
            + ": "
            + report.findings().stream()
                .filter(one -> one.severity() == Finding.Severity.BLOCKER)
                .map(Finding::text)
                .reduce((one, other) -> one + "; " + other)
                .orElse(""),
        "Nothing was written. See all of it with: convert inspect");
  }
}
