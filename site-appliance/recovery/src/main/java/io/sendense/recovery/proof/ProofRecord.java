package io.sendense.recovery.proof;

import io.sendense.recovery.prove.DiskFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What was proved of one point.
 *
 * @param point the restore point's id
 * @param takenAt when the point's state was taken
 * @param startedAt when the command began; the recovery time counts from here
 * @param acceleration how the guest's instructions were run: {@code kvm} or {@code tcg}
 * @param recovery from the start to the first sign of a running system
 * @param artefacts SHA-256 of the files kept beside the record, lower-case hexadecimal, by name
 */
public record ProofRecord(
    UUID id,
    String vm,
    UUID point,
    Instant takenAt,
    Instant startedAt,
    Instant endedAt,
    String acceleration,
    int processors,
    long memoryBytes,
    boolean passed,
    Optional<Duration> recovery,
    List<Made> checks,
    List<Disk> disks,
    SortedMap<String, String> artefacts) {
  public ProofRecord {
    checks = List.copyOf(checks);
    disks = List.copyOf(disks);
    artefacts = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(artefacts));
  }

  /**
   * A check that was made.
   *
   * @param after from the start to its result
   */
  public record Made(
      String spec, boolean required, String verdict, String detail, Duration after) {}

  /**
   * A disk of the point.
   *
   * @param root the root hash that proves its content, as the repository knows it
   * @param files what was read on it from outside; empty where that was not asked for
   */
  public record Disk(String name, long sizeBytes, String root, List<DiskFiles.VolumeFiles> files) {
    public Disk {
      files = List.copyOf(files);
    }
  }

  /** As a document whose members have the order of the format's page. */
  Map<String, Object> document() {
    return RecordDocument.of(this);
  }
}
