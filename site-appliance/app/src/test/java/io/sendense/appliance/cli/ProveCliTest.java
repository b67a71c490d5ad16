package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.guest.ServingGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Points are proved by really booting them, and what does not boot is not proved. */
@Tag("server")
class ProveCliTest {
  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  private InProcess cli = new InProcess(Path.of("/tmp"));
  private Path content = Path.of("/");
  private ServingGuest guest;

  ProveCliTest() {
    for (String tool : List.of("qemu-system-x86_64", "qemu-img", "setpriv", "prlimit")) {
      Peers.require(tool);
    }
    guest = ServingGuest.build(Path.of("target", "serving-guest"));
  }

  @BeforeEach
  void makeRepository() throws IOException {
    cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    content = folder.resolve("content");
    Files.createDirectories(content.resolve("www"));
    Files.writeString(content.resolve("www/health"), "well\n");
  }

  @Test
  void aGuestBootsAndEveryCheckIsMade() throws IOException {
    backUp("");
    Path script = folder.resolve("script");
    Files.writeString(
        script,
        """
        #!/bin/sh
        test -n "$SENDENSE_PORT_8080" && echo "checked $SENDENSE_VM"
        """);
    assertThat(script.toFile().setExecutable(true)).isTrue();
    InProcess.Result result =
        prove(
            "--check",
            "boot",
            "--check",
            "agent",
            "--check",
            "network",
            "--check",
            "http:8080/health",
            "--check",
            "http:8080/none=404",
            "--check",
            "tcp:81;within=1;optional",
            "--check",
            "app:nginx:8080;within=1;optional",
            "--check",
            "script:" + script,
            "--check",
            "fs");
    assertThat(result.succeeded().out())
        .containsPattern("boot +PASSED")
        .containsPattern("agent +PASSED .* kernel 6")
        .containsPattern("network +PASSED .* 10\\.0\\.2\\.15")
        .containsPattern("http:8080/health +PASSED .* status 200")
        .containsPattern("tcp:81\\S* +PORT_CHECK_FAILED")
        .containsPattern("app:nginx\\S* +NOT_FOUND")
        .containsPattern("script:\\S+ +PASSED .* checked serving")
        .containsPattern("fs +PASSED .* 2 file systems")
        .contains("the first measured", "PROVED: ");
    Path proof = only(folder.resolve("proofs/serving"));
    assertThat(Files.readAllBytes(proof.resolve("screen.png"))).startsWith(0x89, 'P', 'N', 'G');
    assertThat(proof.resolve("console.log")).content().contains("serving login:");
    assertThat(cli.bare("prove", "verify", proof.resolve("proof.json")).succeeded().out())
        .contains("the record is genuine", "was proved");
    Files.writeString(proof.resolve("console.log"), "changed");
    assertThat(cli.bare("prove", "verify", proof.resolve("proof.json")).err())
        .contains("console.log beside the record is not the one");
    assertThat(folder.resolve("work/0")).doesNotExist();
  }

  @Test
  void aPanicIsSeenAtOnceAndNothingIsProved() throws IOException {
    backUp("sendense.panic panic=0");
    InProcess.Result result = prove("--check", "boot", "--check", "agent", "--json");
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.out())
        .contains("\"passed\":false", "\"verdict\":\"START_FAILED\"", "panic")
        .contains("\"verdict\":\"NOT_RUN\"");
    assertThat(folder.resolve("work/0")).doesNotExist();
  }

  @Test
  void aDamagedFileSystemOfAnyDiskIsFound() throws IOException {
    Path disk = folder.resolve("second");
    Path part = Files.createDirectories(folder.resolve("second-content"));
    for (int i = 0; i < 200; i++) {
      Files.writeString(part.resolve("file-" + i), "x".repeat(100));
    }
    io.sendense.testkit.ChildProcess.run(
            java.time.Duration.ofMinutes(1),
            Peers.require("mke2fs").toString(),
            "-q",
            "-F",
            "-t",
            "ext4",
            "-d",
            part.toString(),
            disk.toString(),
            "16M")
        .orFail();
    io.sendense.testkit.ChildProcess.run(
            java.time.Duration.ofMinutes(1),
            Peers.require("debugfs").toString(),
            "-w",
            "-R",
            "clri /file-7",
            disk.toString())
        .orFail();
    cli.on("backup", "--vm", "serving", "--disk", disk).succeeded();
    InProcess.Result result = prove("--check", "fs");
    assertThat(result.out()).containsPattern("fs +TEST_FAILED").contains("NOT PROVED");
    assertThat(result.code()).isEqualTo(5);
  }

  @Test
  void severalMachinesAreProvedByOneCommandAndOneThatFailsKeepsNoOtherFromIt() throws IOException {
    backUp("");
    Path empty = TestDisks.sparse(folder.resolve("empty"), 1 << 20);
    cli.on("backup", "--vm", "empty", "--disk", empty).succeeded();
    List<Object> all = new ArrayList<>(List.of("prove", "--repository", cli.repository()));
    all.addAll(List.of("--to", folder.resolve("proofs"), "--work", folder.resolve("work")));
    all.addAll(List.of("--check", "fs", "--total-processors", 1, "--total-memory", 64));
    List<Object> latest = new ArrayList<>(all);
    latest.add("--all-latest");
    InProcess.Result both = cli.run(latest.toArray());
    assertThat(both.code()).isEqualTo(5);
    assertThat(both.out())
        .contains("of serving", "of empty", "1 of 2 points proved")
        .containsPattern("fs +NOT_FOUND");
    all.addAll(List.of("--vm", "serving", "--vm", "serving", "--json"));
    assertThat(cli.run(all.toArray()).succeeded().out()).contains("\"passed\":true");
    assertThat(cli.bare("prove", "list", "--to", folder.resolve("proofs")).succeeded().out())
        .containsPattern("NOT PROVED +empty")
        .containsPattern("proved +serving");
    assertThat(cli.run("jobs").succeeded().out()).containsPattern("prove +succeeded +serving");
    assertThat(folder.resolve("work/0")).doesNotExist();
  }

  private void backUp(String more) {
    Path disk = folder.resolve("disk");
    guest.disk(disk, content, 16, more);
    cli.on("backup", "--vm", "serving", "--disk", disk).succeeded();
  }

  private InProcess.Result prove(Object... more) {
    List<Object> all = new ArrayList<>(List.of("prove", "--repository", cli.repository()));
    all.addAll(List.of("--vm", "serving", "--to", folder.resolve("proofs")));
    all.addAll(List.of("--work", folder.resolve("work")));
    all.addAll(List.of(more));
    return cli.run(all.toArray());
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> inside = Files.list(folder)) {
      List<Path> all = inside.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }
}
