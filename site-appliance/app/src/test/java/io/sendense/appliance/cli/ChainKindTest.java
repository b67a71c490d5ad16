package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a repository of plain qcow2 chains, judged by QEMU's own tools. */
@Tag("server")
class ChainKindTest {
  private static final int MIB = 1 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path folder;
  private InProcess cli;
  private Path disk;

  @BeforeEach
  void makeAChain() {
    List.of("qemu-img", "qemu-nbd", "qemu-io", "nbdcopy").forEach(Peers::require);
    cli = new InProcess(folder);
    disk = TestDisks.sparse(folder.resolve("vda.img"), 20L * MIB + 100);
    TestDisks.random(disk, 3L * MIB, 2 * MIB, 1);
    cli.run("repository", "init", "--kind", "qcow2-chain", cli.repository()).succeeded();
  }

  @Test
  void pointsAreBackedUpListedVerifiedAndRestored() throws IOException {
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    Path first = Files.copy(disk, folder.resolve("first.img"));
    TestDisks.random(disk, 9L * MIB + 5, 70_000, 2);
    InProcess.Result second = cli.on("backup", "--vm", "web", "--disk", disk, "--json").succeeded();
    assertThat(second.out()).contains("\"mode\":\"compare\"", "\"bytesChanged\":" + MIB);
    assertThat(cli.on("points").succeeded().out().lines()).hasSize(2);
    assertThat(cli.run("repository", "verify", cli.repository()).succeeded().out())
        .contains("whole: 2 points");
    Path restored = folder.resolve("restored.img");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(Files.mismatch(disk, restored)).isEqualTo(-1);
    Path older = folder.resolve("older.vmdk");
    String id = cli.on("points").out().lines().findFirst().orElseThrow().split(" ")[0];
    cli.on("export", "--point", id, "--to", older, "--format", "vmdk").succeeded();
    tool("qemu-img", "compare", "-f", "raw", "-F", "vmdk", first, older);
  }

  @Test
  void qemuServesTheNewestFileOfTheChainWithoutUs() throws IOException {
    for (int i = 0; i < 3; i++) {
      TestDisks.random(disk, i * 2L * MIB, MIB, i);
      cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    }
    assertThat(
            cli.run("repository", "consolidate", cli.repository(), "--keep", "2").succeeded().out())
        .isEqualTo("web: 1 points deleted\n");
    Path newest = images().getLast();
    tool("qemu-img", "check", "-f", "qcow2", newest);
    Path socket = folder.resolve("nbd.sock");
    try (ChildProcess server =
        ChildProcess.start(
            "qemu-nbd", "--read-only", "--format=qcow2", "--socket=" + socket, newest.toString())) {
      server.awaitFile(socket, LIMIT);
      Path copied = folder.resolve("copied.img");
      tool("nbdcopy", "nbd+unix:///?socket=" + socket, copied);
      tool("qemu-img", "compare", "-f", "raw", "-F", "raw", disk, copied);
    }
    assertThat(cli.run("repository", "verify", cli.repository()).succeeded().out())
        .contains("whole: 2 points");
  }

  @Test
  void aPolicyKeepsWhatItNamesAndQemuStillReadsIt() throws IOException {
    for (int i = 0; i < 5; i++) {
      TestDisks.random(disk, i * 2L * MIB, MIB, i);
      cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    }
    String dry =
        cli.run("repository", "retain", cli.repository(), "--keep-last", "2", "--dry-run")
            .succeeded()
            .out();
    assertThat(dry).contains("one of the last 2", "no rule keeps it", "2 kept, 3 would go");
    assertThat(images()).hasSize(5);
    assertThat(
            cli.run("repository", "retain", cli.repository(), "--keep-last", "2").succeeded().out())
        .contains("2 kept, 3 deleted");
    assertThat(images()).hasSize(2);
    tool("qemu-img", "check", "-f", "qcow2", images().getLast());
    tool("qemu-img", "compare", "-f", "raw", "-F", "qcow2", disk, images().getLast());
    assertThat(cli.run("repository", "verify", cli.repository()).succeeded().out())
        .contains("whole: 2 points");
    // Of one day a daily rule keeps the newest, which leaves nothing to merge into another point.
    cli.run("repository", "retain", cli.repository(), "--keep-daily", "7").succeeded();
    tool("qemu-img", "compare", "-f", "raw", "-F", "qcow2", disk, images().getFirst());
  }

  @Test
  void aDamagedFileIsNamedAndNotRestoredAndTheNextBackupStartsAnew() throws IOException {
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    try (var file = Files.newByteChannel(images().getFirst(), StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 1000);
    }
    InProcess.Result verified = cli.run("repository", "verify", cli.repository());
    assertThat(verified.code()).isEqualTo(6);
    assertThat(verified.out()).contains("damaged", images().getFirst().getFileName().toString());
    Path restored = folder.resolve("restored.img");
    InProcess.Result refused =
        cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored);
    assertThat(refused.code()).isEqualTo(6);
    assertThat(restored).doesNotExist();
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(Files.mismatch(disk, restored)).isEqualTo(-1);
  }

  @Test
  void whatOnlyASealedRepositoryHasIsRefusedInWords() {
    InProcess.Result keys = cli.run("repository", "key", "list", cli.repository());
    assertThat(keys.code()).isEqualTo(2);
    assertThat(keys.err()).contains("plain qcow2 chains");
    InProcess.Result kind = cli.run("repository", "init", "--kind", "zip", folder.resolve("other"));
    assertThat(kind.code()).isEqualTo(2);
    assertThat(kind.err()).contains("not a kind of repository");
  }

  private List<Path> images() throws IOException {
    try (var all = Files.list(cli.repository().resolve("web"))) {
      return all.filter(path -> path.toString().endsWith(".qcow2")).sorted().toList();
    }
  }

  private static void tool(Object... command) {
    ChildProcess.run(LIMIT, Arrays.stream(command).map(String::valueOf).toList()).orFail();
  }
}
