package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.disk.GuestDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes a guest on written disks ready for another platform. */
public final class Converter {
  private final GuestWriter writer;
  private final Path scratch;

  /**
   * @param busybox linked statically, since it is the only program of a machine
   * @param scratch a folder for a kernel and some tens of MiB while it works
   * @param deadline of the machine that writes
   * @param root whether this process runs as root, whose rights QEMU then drops
   */
  public Converter(Path qemu, Path busybox, Path scratch, Duration deadline, boolean root) {
    this.writer = new GuestWriter(new Machine(qemu, deadline, root), busybox);
    this.scratch = scratch;
  }

  /** Disks opened for reading. */
  public interface Opened extends AutoCloseable {
    /** In the machine's order. */
    List<GuestDisk> disks();

    @Override
    void close();
  }

  /**
   * Inspects, writes, and reads back. Nothing is written where the report has a blocker. It can be
   * called again on what an interrupted call left; a second call after a success changes nothing.
   *
   * @param open opens the disks anew each time, so that nothing read before is taken for written
   * @return the report by which it went
   * @throws SendenseException CONFLICT where something stands in the way; GUEST_UNSUPPORTED,
   *     DEADLINE_EXCEEDED, NO_SPACE: the disks may then be changed in part
   */
  public Report apply(
      List<DiskFile> files, Supplier<Opened> open, Target target, Map<String, String> cards) {
    Report report;
    Proof proof;
    GuestWriter.Prepared prepared;
    try (Opened opened = open.get()) {
      report = Inspector.inspect(opened.disks(), target, cards);
      if (!report.ready()) {
        throw new SendenseException(
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
      if (report.changes().isEmpty()) {
        return report;
      }
      proof = Proof.before(report);
      prepared = writer.prepare(report, opened.disks(), files);
    }
    writer.write(prepared, scratch);
    try (Opened opened = open.get()) {
      proof.check(report, opened.disks());
    }
    return report;
  }
}
