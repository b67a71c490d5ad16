package io.sendense.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class KillSoakTest {
  @TempDir Path folder;

  @Test
  void fiftyKillsInAllPhasesLoseAndDamageNoPoint() throws IOException {
    List.of("qemu-nbd", "qemu-img", "qemu-io", "nbdcopy").forEach(Peers::require);
    Map<String, Integer> hits = new KillSoak(folder, 1, System.out).run(50);
    assertThat(hits.values()).allMatch(count -> count >= KillSoak.HITS_MIN);
  }
}
