package io.sendense.simulation.kill;

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
    Map<String, Integer> hits = new KillSoak(new Program(words(), folder), 1, System.out).run(50);
    assertThat(hits.values()).allMatch(count -> count >= KillSoak.HITS_MIN);
  }

  private static List<String> words() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx512m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        "io.sendense.appliance.Main");
  }
}
