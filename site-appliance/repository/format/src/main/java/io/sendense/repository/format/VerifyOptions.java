package io.sendense.repository.format;

import java.util.Set;

/**
 * How much to verify.
 *
 * @param readData read, decrypt, decompress and re-hash every chunk; otherwise only points, tree
 *     nodes and the presence and length of packs are checked
 * @param points only these; empty for all
 */
public record VerifyOptions(boolean readData, Set<PointId> points) {
  public VerifyOptions {
    points = Set.copyOf(points);
  }

  public static VerifyOptions everything() {
    return new VerifyOptions(true, Set.of());
  }

  public static VerifyOptions structure() {
    return new VerifyOptions(false, Set.of());
  }
}
