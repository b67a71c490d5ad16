package io.sendense.connectors.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What some targets can besides {@link MachineTarget}: run a machine at once from disks that are
 * served read-only from elsewhere, keep what its guest writes on disks of their own, and bring the
 * rest there while it runs.
 *
 * <p>Every call may come from another process than the one before, so all of them name the machine
 * by its id. What is made is first written to the owner records, where it stays until {@link #keep}
 * or {@link #remove}. While the served disks are away the guest is held, not failed: a read or
 * write that needs them waits or pauses the machine, and no acknowledged write is lost.
 */
public interface InstantTarget {
  /** As {@link MachineTarget#check}. */
  Readiness check(MachinePlan plan);

  /**
   * Lets the platform reach a socket that was just made on this machine.
   *
   * @throws io.sendense.domain.SendenseException FORBIDDEN where its rights cannot be given
   */
  void admit(Path socket);

  /**
   * Makes the machine, off, with a disk of its own over each served one.
   *
   * @throws io.sendense.domain.SendenseException ALREADY_EXISTS, NO_SPACE, SOURCE_PROTOCOL with the
   *     platform's words; what was made so far is in the owner records
   */
  Machine make(InstantPlan plan);

  /**
   * Starts it. From its first instruction on the platform notes what the guest writes.
   *
   * @return since when, for a capture of {@link #written}
   */
  Baseline start(String id);

  /** How it stands; empty where the platform knows it no more. */
  Optional<Look> look(String id);

  /**
   * What the platform calls a disk of the plan, here and in captures of the machine.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND, SOURCE_PROTOCOL
   */
  String nameOf(String id, String disk);

  /**
   * Lets a guest go on that was held because its served disks were away; they have to be there
   * again. One that runs, or that somebody paused or stopped, is left as it is.
   *
   * @return whether it was held
   * @throws io.sendense.domain.SendenseException DEADLINE_EXCEEDED where it stays held
   */
  boolean goOn(String id);

  /**
   * Begins to copy what a disk, by the platform's name, still has below it into the disk itself,
   * while the guest runs. Where that is under way or done nothing changes.
   */
  void bringHome(String id, String disk);

  /** Disks, by the platform's names, that are not in this folder. */
  List<String> elsewhere(String id, Path folder);

  /**
   * Brings a disk to an image of the same name in another folder while the guest runs: begins it,
   * or where the copy is complete lets the machine go over to it and removes the image it came
   * from; otherwise nothing changes. A copy to a third folder that was under way is given up.
   *
   * @return whether it had to be begun
   * @throws io.sendense.domain.SendenseException ALREADY_EXISTS, FORBIDDEN, NO_SPACE
   */
  boolean bringTo(String id, String disk, Path folder);

  /** How far either is; empty where it is not under way: done, not begun or broken off. */
  Optional<Move> move(String id, String disk);

  /** Captures the machine; against the baseline of {@link #start}, what its guest has written. */
  SourceConnector written(String id);

  /**
   * Hands the machine over: it is no longer ours to remove, and what noted its writes is gone.
   *
   * @throws io.sendense.domain.SendenseException CONFLICT while a disk still needs a served one
   */
  void keep(String id);

  /** Stops the machine and removes it with all that was made for it. Idempotent. */
  void remove(String id);

  /**
   * A machine at one moment.
   *
   * @param held because a disk could not be read or written
   * @param away disks that still need the served ones, as the platform calls them
   */
  record Look(Machine.Power power, boolean held, List<String> away) {
    public Look {
      away = List.copyOf(away);
    }
  }

  /** A disk's way home. */
  record Move(long doneBytes, long totalBytes) {}
}
