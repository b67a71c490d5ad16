package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import java.util.List;
import java.util.Optional;

/**
 * What a verification found.
 *
 * @param points restore points examined
 * @param objects objects read or looked up
 * @param bytesRead bytes read from the store
 * @param findings everything wrong; empty for a repository that is whole
 */
public record VerifyReport(long points, long objects, long bytesRead, List<Finding> findings) {
  public VerifyReport {
    findings = List.copyOf(findings);
  }

  public boolean whole() {
    return findings.isEmpty();
  }

  /** Whether the object is not there, or is there and wrong. */
  public enum Kind {
    MISSING,
    DAMAGED,
    /** Locked for less long than a point that needs it promises. */
    UNLOCKED
  }

  /**
   * One thing wrong.
   *
   * @param object name of the object in the store
   * @param point the restore point it affects; empty for an object no examined point relies on
   * @param disk the disk of that point it affects
   * @param range the bytes of that disk that cannot be restored
   * @param detail a sentence
   */
  public record Finding(
      Kind kind,
      String object,
      Optional<PointId> point,
      Optional<String> disk,
      Optional<BlockRange> range,
      String detail) {}

  /** Hears how far a verification has come. Called from the verifying threads, one at a time. */
  @FunctionalInterface
  public interface Progress {
    Progress NONE = (bytesDone, bytesTotal) -> {};

    void at(long bytesDone, long bytesTotal);
  }
}
