package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.repository.format.CollectOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever watches a collection sees how far it is. */
class CollectProgressTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void theWalkOfAllTreesIsToldInBytesOfTheirDisksUpToTheLast() {
    try (Fixture fixture = new Fixture(folder)) {
      ScriptedSource source = new ScriptedSource();
      MemoryDisk disk = new MemoryDisk(40 * MIB).fill(MIB, 3 * MIB, 1);
      source.disks = List.of(new CapturedDisk("vda", disk, new ChangeSet.Untracked("none")));
      fixture.backUp(source);
      disk.fill(2 * MIB, MIB, 2);
      fixture.backUp(source);
      Map<Phase, List<Progress>> told = new TreeMap<>();

      new CollectJob(
              new JobContext(
                  fixture.state,
                  fixture.clock,
                  new Random(7),
                  new JobSettings(4, 8),
                  fixture.control,
                  listener(told)))
          .run(fixture.repository, CollectOptions.defaults().withScratch(folder), fixture.location);

      assertThat(told).containsOnlyKeys(Phase.CHECK);
      Progress last = told.values().iterator().next().getLast();
      assertThat(last.totalBytes()).isEqualTo(2L * 40 * MIB);
      assertThat(last.doneBytes()).isEqualTo(last.totalBytes());
    }
  }

  private static JobListener listener(Map<Phase, List<Progress>> told) {
    return new JobListener() {
      @Override
      public void entered(Phase phase) {}

      @Override
      public void advanced(Phase phase, Progress progress) {
        told.computeIfAbsent(phase, key -> new ArrayList<>()).add(progress);
      }

      @Override
      public void warned(String text) {}
    };
  }
}
