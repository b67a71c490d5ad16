package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectNodesTest {
  private static final Duration AGE = Duration.ofDays(4).plusMinutes(2);

  @TempDir Path scratch;

  @Test
  void aPackOfMostlyDeadTreeNodesIsRewrittenAndWhatIsLeftOfItStaysReadable() {
    Fixture fixture = new Fixture();
    SplittableRandom random = new SplittableRandom(3);
    byte[][] first = new byte[4][];
    byte[][] next = new byte[4][];
    for (int disk = 0; disk < first.length; disk++) {
      first[disk] = Fixture.random(random, 2 * CHUNK);
      next[disk] = disk == 0 ? first[0] : Fixture.random(random, 2 * CHUNK);
    }
    Repository repository = fixture.init();
    RestorePoint gone = fixture.backUp(repository, Optional.empty(), first);
    RestorePoint stays = fixture.backUp(repository, Optional.of(gone.id()), next);
    repository.deletePoint(gone.id(), "a test");
    fixture.clock.advance(AGE);

    CollectReport report = collect(fixture);
    assertThat(report.packsRewritten().count()).isPositive();
    fixture.clock.advance(AGE);
    assertThat(collect(fixture).packsDeleted().count())
        .isEqualTo(report.packsCondemned().count() + report.packsRewritten().count());

    Repository opened = fixture.open();
    for (int disk = 0; disk < next.length; disk++) {
      assertThat(Fixture.readDisk(opened, stays.id(), disk)).isEqualTo(next[disk]);
    }
    assertThat(opened.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
  }

  private CollectReport collect(Fixture fixture) {
    return fixture.open().collect(CollectOptions.defaults().withScratch(scratch));
  }
}
