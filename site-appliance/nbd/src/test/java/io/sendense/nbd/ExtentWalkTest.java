package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.BlockRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExtentWalkTest {
  private static final Failures FAILURES = new Failures(NbdUri.unix(Path.of("/s"), ""));

  @Property
  void extentsCoverTheRangeExactlyWithTheFlagsOfEachByte(
      @ForAll @IntRange(min = 1, max = 3000) int size, @ForAll Random random) {
    int block = 1 << random.nextInt(4);
    int[] flags = new int[size];
    for (int at = 0; at < size; ) {
      int end = Math.min(size, at + block * (1 + random.nextInt(50)));
      int value = random.nextInt(4);
      while (at < end) {
        flags[at++] = value;
      }
    }
    int from = random.nextInt(size);
    int to = from + 1 + random.nextInt(size - from);
    int largest = block * (1 + random.nextInt(400));

    List<Extent> seen = new ArrayList<>();
    new ExtentWalk(new BlockRange(from, to - from), info(size, block), FAILURES, seen::add)
        .run((offset, length) -> answer(flags, block, offset, length, random), largest);

    long at = from;
    for (int i = 0; i < seen.size(); i++) {
      Extent extent = seen.get(i);
      assertThat(extent.offset()).isEqualTo(at);
      for (long b = extent.offset(); b < extent.end(); b++) {
        assertThat(extent.flags()).isEqualTo(flags[(int) b]);
      }
      assertThat(i > 0 && seen.get(i - 1).flags() == extent.flags()).isFalse();
      at = extent.end();
    }
    assertThat(at).isEqualTo(to);
  }

  @Test
  void anAnswerWithoutProgressIsRefused() {
    assertThatThrownBy(
            () ->
                new ExtentWalk(new BlockRange(0, 10), info(10, 1), FAILURES, extent -> {})
                    .run((offset, length) -> new BlockStatusSink(1), 100))
        .hasMessageContaining("progress");
  }

  /** What a server may answer: short, or with a last extent that reaches beyond the request. */
  private static BlockStatusSink answer(
      int[] flags, int block, long offset, long length, Random random) {
    assertThat(offset % block).isZero();
    assertThat(offset + length).isLessThanOrEqualTo(flags.length);
    BlockStatusSink sink = new BlockStatusSink(1);
    int at = (int) offset;
    int extents = 1 + random.nextInt(6);
    while (extents-- > 0 && at < offset + length) {
      int start = at;
      int piece = random.nextInt(4) == 0 ? block : flags.length;
      while (at < flags.length && at - start < piece && flags[at] == flags[start]) {
        at++;
      }
      sink.add(at - start, flags[start]);
    }
    return sink;
  }

  private static ExportInfo info(long size, int block) {
    return new ExportInfo(size, Nbd.FLAG_HAS_FLAGS, block, 4096, 1 << 20, true, List.of());
  }
}
