package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyCliTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private InProcess cli;
  private Path disk;
  private Path second;
  private Path secondKey;

  @BeforeEach
  void twoRepositoriesOfOneTenant() throws IOException {
    cli = new InProcess(folder);
    disk = TestDisks.random(folder.resolve("vda.img"), 0, 5 * MIB + 700, 1);
    second = folder.resolve("second");
    secondKey = folder.resolve("second-key");
    byte[] key = new byte[32];
    key[0] = 9;
    Files.write(secondKey, key);
    Files.setPosixFilePermissions(secondKey, PosixFilePermissions.fromString("rw-------"));
    cli.run("repository", "init", cli.repository()).succeeded();
    cli.run(
            "repository",
            "init",
            second,
            "--key-file",
            secondKey,
            "--tenant-of",
            cli.repository(),
            "--second-key-file",
            InProcess.keyFile(folder))
        .succeeded();
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
  }

  @Test
  void aCopiedPointIsRestoredFromTheSecondRepositoryWithItsOwnKey() {
    InProcess.Result copied = copy("--all", "--json").succeeded();
    assertThat(copied.out()).contains("\"chunksMissing\":6", "\"alreadyThere\":false");
    assertThat(copy("--last", "1").succeeded().out()).contains("was there", "1 point, 0 B missing");

    Path restored = folder.resolve("restored.img");
    cli.run(
            "restore",
            "--repository",
            second,
            "--key-file",
            secondKey,
            "--point",
            "latest",
            "--vm",
            "web",
            "--to",
            restored)
        .succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));
    assertThat(cli.run("jobs").succeeded().out()).contains("copy    succeeded");
  }

  @Test
  void aSecondCopyMovesOnlyWhatChanged() {
    copy("--all").succeeded();
    TestDisks.random(disk, 3 * MIB, 10, 2);
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();

    assertThat(copy("--last", "1", "--vm", "web", "--bandwidth", "500", "--json").succeeded().out())
        .contains("\"chunksMissing\":1,");
  }

  @Test
  void whatCannotBeCopiedIsSaid() {
    assertThat(copy().err()).contains("it was not said which points");
    assertThat(copy("--all", "--last", "2").err()).contains("it was not said which points");
    assertThat(copy("--all", "--vm", "none").err()).contains("no point of machine none");
    assertThat(copy("--all", "--bandwidth", "0.0001").err()).contains("is not a rate");
    Path stranger = folder.resolve("stranger");
    cli.run("repository", "init", stranger).succeeded();
    InProcess.Result refused =
        cli.run("copy", "--from", cli.repository(), "--to", stranger, "--all");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("belongs to another tenant", "--tenant-of");
  }

  private InProcess.Result copy(Object... more) {
    java.util.List<Object> arguments =
        new java.util.ArrayList<>(
            java.util.List.of(
                "copy",
                "--from",
                cli.repository(),
                "--to",
                second,
                "--second-key-file",
                secondKey));
    arguments.addAll(java.util.List.of(more));
    return cli.run(arguments.toArray());
  }
}
