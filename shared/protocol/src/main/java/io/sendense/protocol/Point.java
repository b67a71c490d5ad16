package io.sendense.protocol;

import io.sendense.domain.VmId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A restore point that an appliance holds.
 *
 * @param id the point's id in its repository
 * @param takenAt the moment whose data it holds
 * @param createdAt when it was sealed
 * @param bytesRead from the source
 * @param bytesChanged found to differ from the point before; of a full point all that holds data
 * @param bytesStored new in the repository, after compression and deduplication
 * @param mode how changes were found: {@code full}, {@code incremental} or {@code compare}
 * @param fallbackReason why a change tracker was not used, where one was expected
 * @param verified whether what was written was read again and matched
 * @param root Merkle root over the disks, in hexadecimal
 */
public record Point(
    String id,
    VmId vm,
    String repository,
    Instant takenAt,
    Instant createdAt,
    List<VmDisk> disks,
    long bytesRead,
    long bytesChanged,
    long bytesStored,
    String mode,
    Optional<String> fallbackReason,
    boolean verified,
    Optional<String> root) {
  public Point {
    Bounds.text(id, Bounds.IDENTIFIER, "id");
    Bounds.required(vm, "vm");
    Bounds.text(repository, Bounds.NAME, "repository");
    Bounds.required(takenAt, "takenAt");
    Bounds.required(createdAt, "createdAt");
    disks = Bounds.list(disks, Bounds.DISKS, "disks");
    Bounds.notNegative(bytesRead, "bytesRead");
    Bounds.notNegative(bytesChanged, "bytesChanged");
    Bounds.notNegative(bytesStored, "bytesStored");
    Bounds.text(mode, Bounds.IDENTIFIER, "mode");
    fallbackReason = Bounds.optionalText(fallbackReason, Bounds.SENTENCE, "fallbackReason");
    root = Bounds.optionalText(root, Bounds.IDENTIFIER, "root");
  }
}
