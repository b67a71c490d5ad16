package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadDaysTest {
  private static final int MIB = 1 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir Path folder;
  private InProcess cli;
  private Path disk;

  @BeforeEach
  void makeADisk() {
    cli = new InProcess(folder);
    disk = TestDisks.random(folder.resolve("vda.img"), 0, 4 * MIB, 1);
  }

  /**
   * A user and mount namespace of its own gives the child a small file system without any rights on
   * this machine; everything the child does happens inside.
   */
  @Test
  @Tag("server")
  void aStoreThatFillsUpFailsTheJobAndKeepsEarlierPointsAndTheSource() throws IOException {
    Peers.require("unshare");
    Path big = TestDisks.random(folder.resolve("big.img"), 0, 48 * MIB, 2);
    String source = TestDisks.sha256(big);
    Path small = Files.createDirectory(folder.resolve("small"));
    Path script = folder.resolve("script.sh");
    Files.writeString(
        script,
        """
        set -eu
        mount -t tmpfs -o size=24m tmpfs %1$s
        run() { %2$s "$@" --key-file %6$s; }
        run repository init %1$s/r
        run backup --repository %1$s/r --vm web --disk %3$s
        if run backup --repository %1$s/r --vm db --disk %4$s; then exit 90; else code=$?; fi
        echo "full: $code"
        run repository verify %1$s/r
        run points --repository %1$s/r
        run restore --repository %1$s/r --point latest --vm web --to %5$s
        head -c 30000000 /dev/zero > %1$s/fill 2>/dev/null || true
        if run restore --repository %1$s/r --point latest --vm web --to %1$s/no.img
        then exit 91; else code=$?; fi
        echo "restore into full: $code"
        ls -A %1$s
        """
            .formatted(
                small,
                String.join(
                    " ",
                    CliProcess.command(folder).stream().limit(9).map(s -> "'" + s + "'").toList()),
                disk,
                big,
                folder.resolve("restored.img"),
                InProcess.keyFile(folder)));
    List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", script.toString()));
    try (ChildProcess child =
        ChildProcess.start(command, CliProcess.environment(folder), Optional.empty())) {
      int code = child.awaitExit(LIMIT);
      assertThat(code).as(child.stdout() + child.stderr()).isZero();
      assertThat(child.stdout())
          .contains("full: 4")
          .contains("restore into full: 4")
          .contains("whole: 1 points")
          .doesNotContain("no.img");
      assertThat(child.stderr()).contains("error SD-3000");
    }
    assertThat(TestDisks.sha256(folder.resolve("restored.img"))).isEqualTo(TestDisks.sha256(disk));
    assertThat(TestDisks.sha256(big)).isEqualTo(source);
  }

  @Test
  void anUnknownFormatVersionIsRefusedAndNothingIsTouched() throws IOException {
    cli.run("repository", "init", cli.repository()).succeeded();
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    Path format = find("format");
    byte[] content = Files.readAllBytes(format);
    // The version is the two bytes at 8, docs/formats/repository.md 3.1.
    content[9] = 2;
    Files.setPosixFilePermissions(format, PosixFilePermissions.fromString("rw-------"));
    Files.write(format, content);
    for (String command : List.of("points", "backup")) {
      InProcess.Result result =
          command.equals("points")
              ? cli.on("points")
              : cli.on("backup", "--vm", "web", "--disk", disk);
      assertThat(result.code()).isEqualTo(6);
      assertThat(result.err()).contains("error SD-5003");
    }
    assertThat(Files.readAllBytes(format)).isEqualTo(content);
  }

  @Test
  void aFolderThatHoldsSomethingElseDoesNotBecomeARepository() throws IOException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Files.writeString(photos.resolve("one.jpg"), "precious");
    InProcess.Result result = cli.run("repository", "init", photos);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("error SD-1002");
    assertThat(photos.resolve("one.jpg")).hasContent("precious");
    assertThat(cli.run("points", "--repository", photos).code()).isNotZero();
    assertThat(cli.run("points", "--repository", folder.resolve("none")).code()).isEqualTo(2);
  }

  @Test
  void whatAKilledRestoreLeftIsRemovedByTheNextOne() throws IOException {
    cli.run("repository", "init", cli.repository()).succeeded();
    cli.on("backup", "--vm", "web", "--disk", TestDisks.random(disk, 0, 40 * MIB, 4)).succeeded();
    Path to = folder.resolve("restored.img");
    try (ChildProcess restore =
        CliProcess.start(
            folder,
            "restore",
            "--repository",
            cli.repository(),
            "--point",
            "latest",
            "--vm",
            "web",
            "--to",
            to)) {
      restore.awaitOutput("phase write", LIMIT);
      restore.kill();
    }
    boolean left = partials() == 1;
    assertThat(to.toFile().exists()).isNotEqualTo(left);
    if (left) {
      cli.on("restore", "--point", "latest", "--vm", "web", "--to", to).succeeded();
    }
    assertThat(partials()).isZero();
    assertThat(TestDisks.sha256(to)).isEqualTo(TestDisks.sha256(disk));
  }

  private long partials() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".partial")).count();
    }
  }

  private Path find(String name) throws IOException {
    try (Stream<Path> all = Files.walk(cli.repository())) {
      return all.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
    }
  }
}
