package io.sendense.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class PeersTest {
  @Test
  void aToolThatIsThereIsFound() {
    assertThat(Peers.require("sh", Map.of("PATH", "/nowhere:/bin"))).isExecutable();
  }

  @Test
  void aMissingToolSkipsOnAPersonsMachine() {
    assertThatThrownBy(() -> Peers.require("no-such-tool", Map.of()))
        .isInstanceOf(TestAbortedException.class)
        .hasMessageContaining("no-such-tool");
  }

  @Test
  void aMissingToolFailsInCi() {
    assertThatThrownBy(() -> Peers.require("no-such-tool", Map.of("CI", "true")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("CI=true");
  }
}
