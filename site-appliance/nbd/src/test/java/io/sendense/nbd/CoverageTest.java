package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CoverageTest {
  @Property
  void piecesInAnyOrderCompleteItAndNoneIsTakenTwice(
      @ForAll @IntRange(min = 1, max = 5000) int length, @ForAll Random random) {
    List<int[]> pieces = new ArrayList<>();
    for (int at = 0; at < length; ) {
      int end = Math.min(length, at + 1 + random.nextInt(700));
      pieces.add(new int[] {at, end});
      at = end;
    }
    Collections.shuffle(pieces, random);
    Coverage coverage = new Coverage(length);
    for (int[] piece : pieces) {
      assertThat(coverage.complete()).isFalse();
      assertThat(coverage.add(piece[0], piece[1])).isTrue();
    }
    assertThat(coverage.complete()).isTrue();
    int[] again = pieces.get(random.nextInt(pieces.size()));
    assertThat(coverage.add(again[0], again[1])).isFalse();
  }

  @Property
  void anOverlapIsRefusedWhateverCameBefore(@ForAll Random random) {
    Coverage coverage = new Coverage(64);
    boolean[] seen = new boolean[64];
    for (int i = 0; i < 40; i++) {
      int from = random.nextInt(64);
      int to = Math.min(64, from + 1 + random.nextInt(8));
      boolean overlap = false;
      for (int at = from; at < to; at++) {
        overlap |= seen[at];
      }
      assertThat(coverage.add(from, to)).isEqualTo(!overlap);
      for (int at = from; at < to && !overlap; at++) {
        seen[at] = true;
      }
    }
  }

  @Test
  void whatIsOutsideIsRefused() {
    Coverage coverage = new Coverage(10);
    assertThat(coverage.add(-1, 2)).isFalse();
    assertThat(coverage.add(9, 11)).isFalse();
    assertThat(coverage.add(3, 3)).isFalse();
  }

  @Test
  void morePiecesOutOfOrderThanTheBoundAreRefused() {
    Coverage coverage = new Coverage(1 << 20);
    boolean taken = true;
    for (int i = Coverage.MAX_PIECES + 1; i > 0 && taken; i--) {
      taken = coverage.add(2 * i, 2 * i + 1);
    }
    assertThat(taken).isFalse();
  }
}
