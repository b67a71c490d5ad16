package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Machine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is asked of libvirt for one capture, and what every disk's tracker is good for. Pure, so
 * that every way in which a tracker is lost can be told apart in a test.
 *
 * @param others disks of the machine that are left out
 * @param since our checkpoint that has recorded every write since the baseline
 * @param checkpoints whether a new one is made
 * @param kept the baseline, where it stays one although no new checkpoint is made: what was
 *     recorded since an older point holds all that changed since a newer one
 * @param stale checkpoints of ours that are of no use any more
 */
record BackupPlan(
    List<Disk> disks,
    List<String> others,
    Optional<String> since,
    boolean checkpoints,
    Optional<LibvirtBaseline> kept,
    List<String> stale) {
  private static final String TRANSIENT =
      "the machine is transient, and libvirt keeps no checkpoints of those";

  BackupPlan {
    disks = List.copyOf(disks);
    others = List.copyOf(others);
    stale = List.copyOf(stale);
  }

  /**
   * One disk's part.
   *
   * @param mark by which a baseline knows it again
   * @param canTrack whether a checkpoint can have a bitmap on it
   * @param since checkpoint whose changes are asked for
   * @param untracked why none are; empty where they are
   */
  record Disk(
      String target, String mark, boolean canTrack, Optional<String> since, String untracked) {
    Optional<String> bitmap() {
      return since.map(_ -> "changed-" + target);
    }

    Disk because(String reason) {
      return new Disk(target, mark, canTrack, Optional.empty(), reason);
    }
  }

  static BackupPlan of(
      Machine machine,
      DomainXml xml,
      Optional<Baseline> baseline,
      List<String> checkpoints,
      boolean persistent,
      String owner) {
    Optional<LibvirtBaseline> wanted = baseline.flatMap(LibvirtBaseline::parse);
    List<String> ours =
        checkpoints.stream().filter(name -> CheckpointNames.isOurs(name, owner)).toList();
    Optional<String> since =
        wanted.flatMap(LibvirtBaseline::checkpoint).filter(ours::contains).filter(_ -> persistent);
    String noSince = whyNone(baseline, wanted, persistent);
    List<Disk> disks = new ArrayList<>();
    for (int i = 0; i < xml.disks().size(); i++) {
      DomainXml.Disk disk = xml.disks().get(i);
      String mark = LibvirtBaseline.mark(disk, machine.disks().get(i).sizeBytes());
      Optional<String> untracked =
          disk.untracked().map(why -> "disk " + disk.target() + ": " + why);
      if (untracked.isEmpty() && since.isEmpty()) {
        untracked = Optional.of(noSince);
      }
      if (untracked.isEmpty() && !wanted.orElseThrow().marks().contains(mark)) {
        untracked =
            Optional.of(
                "disk "
                    + disk.target()
                    + " is new, in another place or of another size since the baseline");
      }
      disks.add(
          new Disk(
              disk.target(),
              mark,
              disk.untracked().isEmpty(),
              untracked.isEmpty() ? since : Optional.empty(),
              untracked.orElse("")));
    }
    boolean usable = disks.stream().anyMatch(disk -> disk.since().isPresent());
    Optional<String> used = since.filter(_ -> usable);
    List<String> stale = ours.stream().filter(name -> !used.equals(Optional.of(name))).toList();
    return new BackupPlan(
        disks,
        xml.others(),
        used,
        persistent && disks.stream().anyMatch(Disk::canTrack),
        Optional.empty(),
        persistent ? stale : List.of());
  }

  private static String whyNone(
      Optional<Baseline> baseline, Optional<LibvirtBaseline> wanted, boolean persistent) {
    if (baseline.isEmpty()) {
      return "first capture: there is no baseline yet";
    }
    if (!persistent) {
      return TRANSIENT;
    }
    if (wanted.isEmpty()) {
      return "the baseline was not made by this libvirt source";
    }
    return wanted
        .get()
        .checkpoint()
        .map(name -> "checkpoint " + name + " is no longer there")
        .orElse("no checkpoint could be made for the point before");
  }

  /**
   * What to try after libvirt refused this: without a broken baseline, then without a checkpoint.
   * Empty where nothing less is left.
   */
  Optional<BackupPlan> without(LibvirtError refusal) {
    String why = "libvirt refused: " + refusal.getMessage();
    List<Disk> full =
        disks.stream().map(disk -> disk.since().isPresent() ? disk.because(why) : disk).toList();
    if (refusal.code() == LibvirtError.CHECKPOINT_INCONSISTENT && since.isPresent()) {
      return Optional.of(
          new BackupPlan(full, others, Optional.empty(), checkpoints, Optional.empty(), List.of()));
    }
    if (!checkpoints && since.isEmpty()) {
      return Optional.empty();
    }
    Optional<LibvirtBaseline> stays =
        since.map(
            name ->
                LibvirtBaseline.of(
                    Optional.of(name),
                    disks.stream().filter(d -> d.since().isPresent()).map(Disk::mark).toList()));
    return Optional.of(new BackupPlan(full, others, Optional.empty(), false, stays, List.of()));
  }

  String backupXml(NbdPlace place, Function<Disk, String> scratch) {
    return BackupXml.backup(place, parts(scratch), others);
  }

  String checkpointXml(String name) {
    return BackupXml.checkpoint(name, parts(_ -> ""), others);
  }

  private List<BackupXml.Disk> parts(Function<Disk, String> scratch) {
    return disks.stream()
        .map(d -> new BackupXml.Disk(d.target(), scratch.apply(d), d.since(), d.canTrack()))
        .toList();
  }

  /**
   * @param added the checkpoint that was made
   */
  LibvirtBaseline baseline(Optional<String> added) {
    if (added.isEmpty()) {
      return kept.orElse(LibvirtBaseline.of(Optional.empty(), List.of()));
    }
    Set<String> marks = new HashSet<>();
    disks.stream().filter(Disk::canTrack).forEach(disk -> marks.add(disk.mark()));
    return LibvirtBaseline.of(added, marks);
  }
}
