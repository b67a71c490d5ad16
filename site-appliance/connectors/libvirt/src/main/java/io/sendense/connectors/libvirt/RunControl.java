package io.sendense.connectors.libvirt;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sendense.connectors.spi.InstantTarget;
import io.sendense.domain.SendenseException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a machine runs, and where its disks are on their way; numbers of libvirt-domain.h. */
final class RunControl {
  private static final int START_PAUSED = 1;
  // The image is there already, and the job does not outlive the machine's process.
  private static final int COPY_TO_OURS = 1 << 1 | 1 << 2;
  private static final int PIVOT = 1 << 1;
  private static final int STATE_PAUSED = 3;
  private static final int PAUSED_BY_IO_ERROR = 5;
  // int type, padding, unsigned long bandwidth, and two unsigned long long.
  private static final int BLOCK_JOB_INFO_BYTES = 4 * 8;
  private static final int DONE_OFFSET = 16;
  private static final int TOTAL_OFFSET = 24;

  /** As long as a guest has to stay up to count as going on. */
  private static final Duration STEADY = Duration.ofMillis(400);

  private final Domain domain;

  RunControl(Domain domain) {
    this.domain = domain;
  }

  void startPaused() {
    int unused =
        domain.call(
            "starting the machine",
            pointer ->
                lib -> Libvirt.number(lib, "virDomainCreateWithFlags", pointer, START_PAUSED));
  }

  void resume() {
    int unused =
        domain.call(
            "resuming the machine",
            pointer -> lib -> Libvirt.number(lib, "virDomainResume", pointer));
  }

  /** Whether it stands still because a disk could not be read or written. */
  boolean isHeld() {
    return domain.call(
        "looking at a machine",
        pointer ->
            lib -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(JAVA_INT);
                MemorySegment reason = arena.allocate(JAVA_INT);
                Libvirt.number(lib, "virDomainGetState", pointer, state, reason, 0);
                return state.get(JAVA_INT, 0) == STATE_PAUSED
                    && reason.get(JAVA_INT, 0) == PAUSED_BY_IO_ERROR;
              }
            });
  }

  /**
   * QEMU reconnects to a server only when it needs it, and fails that very request: it may take
   * more than one go until the guest stays up.
   *
   * @throws SendenseException DEADLINE_EXCEEDED
   */
  void goOn(Duration deadline) {
    Pause.until("the machine's going on", deadline, this::staysUp);
  }

  private boolean staysUp() {
    if (isHeld()) {
      resumeIfHeld();
    }
    try {
      Pause.pass(STEADY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !isHeld();
  }

  /** Libvirt refuses it for a machine that meanwhile runs. */
  private void resumeIfHeld() {
    try {
      resume();
    } catch (SendenseException e) {
      if (LibvirtError.of(e).filter(x -> x.code() == LibvirtError.OPERATION_INVALID).isEmpty()) {
        throw e;
      }
    }
  }

  void pull(String target) {
    int unused =
        domain.call(
            "moving disk " + target,
            pointer ->
                lib -> {
                  try (Arena arena = Arena.ofConfined()) {
                    return Libvirt.number(
                        lib, "virDomainBlockPull", pointer, arena.allocateFrom(target), 0L, 0);
                  }
                });
  }

  /** Begins to mirror a disk, with all that is below it, to an image that was made for it. */
  void copy(String target, Path to) {
    String xml =
        "<disk type=\"file\"><source file=\""
            + Xml.escape(to.toString())
            + "\"/><driver type=\"qcow2\"/></disk>";
    int unused =
        domain.call(
            "copying disk " + target,
            pointer ->
                lib -> {
                  try (Arena arena = Arena.ofConfined()) {
                    return Libvirt.number(
                        lib,
                        "virDomainBlockCopy",
                        pointer,
                        arena.allocateFrom(target),
                        arena.allocateFrom(xml),
                        MemorySegment.NULL,
                        0,
                        COPY_TO_OURS);
                  }
                });
  }

  /** Ends the job of a disk; one that mirrors leaves the disk where it was. */
  void abandon(String target) {
    end(target, 0);
  }

  /** The machine goes over to the copy, which has to be complete. */
  void pivot(String target) {
    end(target, PIVOT);
  }

  private void end(String target, int flags) {
    int unused =
        domain.call(
            "ending the job of disk " + target,
            pointer ->
                lib -> {
                  try (Arena arena = Arena.ofConfined()) {
                    return Libvirt.number(
                        lib, "virDomainBlockJobAbort", pointer, arena.allocateFrom(target), flags);
                  }
                });
  }

  /**
   * A copy under way.
   *
   * @param ready whether the machine may go over to it
   */
  record Mirror(String file, boolean ready) {}

  Optional<Mirror> mirror(String target) {
    return Xml.child(Xml.parse("the description of a machine", domain.xml()), "devices").stream()
        .flatMap(devices -> Xml.children(devices, "disk").stream())
        .filter(disk -> Xml.attribute(disk, "target", "dev").equals(target))
        .flatMap(disk -> Xml.child(disk, "mirror").stream())
        .map(
            mirror ->
                new Mirror(
                    Xml.attribute(mirror, "source", "file"),
                    mirror.getAttribute("ready").equals("yes")))
        .findFirst();
  }

  /** The job that runs on a disk; empty where there is none. */
  Optional<InstantTarget.Move> job(String target) {
    return domain.call(
        "looking for the job of disk " + target,
        pointer ->
            lib -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment info = arena.allocate(BLOCK_JOB_INFO_BYTES, 8);
                int found =
                    Libvirt.number(
                        lib,
                        "virDomainGetBlockJobInfo",
                        pointer,
                        arena.allocateFrom(target),
                        info,
                        0);
                return found == 0
                    ? Optional.<InstantTarget.Move>empty()
                    : Optional.of(
                        new InstantTarget.Move(
                            info.get(JAVA_LONG, DONE_OFFSET), info.get(JAVA_LONG, TOTAL_OFFSET)));
              }
            });
  }

  /** Targets of the disks that have something below them, as the machine runs or is defined. */
  List<String> stacked() {
    return Xml.child(Xml.parse("the description of a machine", domain.xml()), "devices").stream()
        .flatMap(devices -> Xml.children(devices, "disk").stream())
        .filter(
            disk ->
                Xml.child(disk, "backingStore")
                    .filter(below -> Xml.child(below, "source").isPresent())
                    .isPresent())
        .map(disk -> Xml.attribute(disk, "target", "dev"))
        .toList();
  }
}
