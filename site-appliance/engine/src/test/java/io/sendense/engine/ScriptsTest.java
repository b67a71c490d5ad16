package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptsTest {
  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void theyRunAroundTheBackupAndKnowWhatItIs() throws IOException {
    Scripts scripts =
        new Scripts(
            sh("echo before $SENDENSE_VM $SENDENSE_JOB >> $0.log"),
            sh("echo after $SENDENSE_OUTCOME >> $0.log"));

    String result =
        scripts.around(
            "web",
            "job-1",
            warnings::add,
            () -> {
              note("work");
              return "made";
            });

    assertThat(result).isEqualTo("made");
    assertThat(log()).containsExactly("before web job-1", "work", "after succeeded");
    assertThat(warnings).isEmpty();
  }

  @Test
  void whereTheFirstFailsNothingIsTouchedAndTheSecondStillRuns() throws IOException {
    Scripts scripts =
        new Scripts(
            sh("echo no such database; exit 3"), sh("echo after $SENDENSE_OUTCOME >> $0.log"));

    assertThatThrownBy(
            () ->
                scripts.around(
                    "web",
                    "job-1",
                    warnings::add,
                    () -> {
                      note("work");
                      return 1;
                    }))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCRIPT_FAILED))
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("no such database");
    assertThat(log()).containsExactly("after failed");
  }

  @Test
  void afterAFailedBackupTheSecondRunsAndTheFailureStaysTheBackups() throws IOException {
    Scripts scripts = new Scripts(Optional.empty(), sh("echo $SENDENSE_OUTCOME >> $0.log; exit 1"));

    assertThatThrownBy(
            () ->
                scripts.around(
                    "web",
                    "job-1",
                    warnings::add,
                    () -> {
                      throw new IllegalStateException("the source is gone");
                    }))
        .hasMessage("the source is gone");
    assertThat(log()).containsExactly("failed");
    assertThat(warnings).singleElement().asString().contains("exit code 1");
  }

  @Test
  void aScriptThatHangsIsKilledWithWhatItStarted() throws IOException {
    Path pid = folder.resolve("pid");
    Script hanging =
        new Script(
            List.of("/bin/sh", "-c", "sleep 1000 & echo $! > " + pid + "; wait"),
            Duration.ofSeconds(2));

    assertThatThrownBy(() -> hanging.run(java.util.Map.of()))
        .hasMessageContaining("did not end within PT2S");
    long child = Long.parseLong(Files.readString(pid).strip());
    // A process that nobody has waited for yet is still listed, as a zombie.
    Path status = Path.of("/proc", Long.toString(child), "stat");
    assertThat(Files.exists(status) ? Files.readString(status) : "gone) Z").contains(") Z");
  }

  @Test
  void aProgramThatIsNotThereIsSaidAndTheAppliancesSecretsAreNotHandedOn() {
    assertThatThrownBy(
            () ->
                new Script(List.of("/no/such/program"), Duration.ofSeconds(2))
                    .run(java.util.Map.of()))
        .hasMessageContaining("could not be started");
    String printed =
        new Script(List.of("/usr/bin/env"), Duration.ofSeconds(20))
            .run(java.util.Map.of("SENDENSE_VM", "web"));
    assertThat(printed.lines().filter(line -> line.startsWith("SENDENSE_")))
        .containsExactly("SENDENSE_VM=web");
  }

  @Test
  void onlyTheEndOfLongOutputIsKept() {
    String printed =
        new Script(List.of("/bin/sh", "-c", "seq 1 100000; echo the end"), Duration.ofSeconds(20))
            .run(java.util.Map.of());
    assertThat(printed).hasSizeLessThanOrEqualTo(4096).endsWith("the end");
  }

  private Optional<Script> sh(String text) {
    return Optional.of(
        new Script(
            List.of("/bin/sh", "-c", text, folder.resolve("script").toString()),
            Duration.ofSeconds(20)));
  }

  private void note(String line) {
    try {
      Files.writeString(
          folder.resolve("script.log"),
          line + "\n",
          java.nio.file.StandardOpenOption.CREATE,
          java.nio.file.StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private List<String> log() throws IOException {
    return Files.readAllLines(folder.resolve("script.log"));
  }
}
