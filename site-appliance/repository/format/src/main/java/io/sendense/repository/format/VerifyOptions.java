package io.sendense.repository.format;

import java.util.Optional;
import java.util.Set;

/**
 * How much to verify.
 *
 * @param readData read, decrypt, decompress and re-hash every chunk; otherwise only points, tree
 *     nodes and the presence and length of packs are checked
 * @param points only these; empty for all
 * @param part read only the data of packs in this part; all else is checked as without data
 */
public record VerifyOptions(boolean readData, Set<PointId> points, Optional<VerifyPart> part) {
  public VerifyOptions {
    points = Set.copyOf(points);
  }

  /** All packs that the points need. */
  public VerifyOptions(boolean readData, Set<PointId> points) {
    this(readData, points, Optional.empty());
  }

  public static VerifyOptions everything() {
    return new VerifyOptions(true, Set.of(), Optional.empty());
  }

  public static VerifyOptions structure() {
    return new VerifyOptions(false, Set.of(), Optional.empty());
  }

  /** Points, trees and presence in full, and the data of one part. */
  public static VerifyOptions part(VerifyPart part) {
    return new VerifyOptions(true, Set.of(), Optional.of(part));
  }
}
