package io.sendense.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildProcessTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void aRunReturnsExitCodeAndBothOutputs() {
    ChildProcess.Result result =
        ChildProcess.run(SOON, "/bin/sh", "-c", "echo out; echo err >&2; exit 3");

    assertThat(result).isEqualTo(new ChildProcess.Result(3, "out\n", "err\n"));
    assertThatThrownBy(result::orFail)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("err");
  }

  @Test
  void aWaitEndsAtOnceWhenTheChildDies() {
    try (ChildProcess child = ChildProcess.start("/bin/sh", "-c", "echo why >&2; exit 1")) {
      assertThatThrownBy(() -> child.awaitOutput("ready", Duration.ofMinutes(5)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("exit code 1")
          .hasMessageContaining("why");
    }
  }

  @Test
  void aWaitEndsAtItsDeadline() {
    try (ChildProcess child = ChildProcess.start("/bin/sleep", "60")) {
      assertThatThrownBy(() -> child.awaitOutput("ready", Duration.ofMillis(50)))
          .hasMessageContaining("within PT0.05S");
    }
  }

  @Test
  void closingKillsGrandchildrenToo() {
    ChildProcess child = ChildProcess.start("/bin/sh", "-c", "sleep 60 & echo pid=$!; wait");
    child.awaitOutput("pid=\\d+\n", SOON);
    long grandchild = Long.parseLong(child.stdout().strip().substring("pid=".length()));

    child.close();

    assertThat(child.isAlive()).isFalse();
    ProcessHandle.of(grandchild)
        .ifPresent(handle -> assertThat(handle.onExit()).succeedsWithin(SOON));
  }
}
