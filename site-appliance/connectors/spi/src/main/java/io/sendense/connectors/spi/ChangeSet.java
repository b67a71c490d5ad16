package io.sendense.connectors.spi;

import io.sendense.domain.BlockRange;
import java.util.List;

/** What a platform says has changed on a disk since the baseline it was asked about. */
public sealed interface ChangeSet {

  /**
   * The platform's tracker answered. Ranges ascend and do not overlap; what is not in them is said
   * to be unchanged, which the engine samples rather than believes.
   *
   * @param tracker the tracker's own name, such as a dirty bitmap's, for the job's record
   */
  record Tracked(String tracker, List<BlockRange> ranges) implements ChangeSet {
    public Tracked {
      ranges = List.copyOf(ranges);
      for (int i = 1; i < ranges.size(); i++) {
        if (ranges.get(i).offset() < ranges.get(i - 1).end()) {
          throw new IllegalArgumentException(
              "changed ranges must ascend without overlap, got "
                  + ranges.get(i - 1)
                  + " before "
                  + ranges.get(i));
        }
      }
    }
  }

  /**
   * No tracker can answer: none was there, it was lost, or it does not reach back to the baseline.
   * The engine compares the whole disk with stored hashes and records the reason.
   *
   * @param reason a sentence for the job's record
   */
  record Untracked(String reason) implements ChangeSet {}
}
