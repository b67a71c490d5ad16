package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line against QEMU's and libnbd's own tools. */
@Tag("server")
class RealToolsTest {
  private static final int MIB = 1 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path folder;
  private InProcess cli;
  private Path disk;

  @BeforeEach
  void makeARepositoryAndADisk() {
    List.of("qemu-img", "qemu-nbd", "qemu-io", "nbdcopy", "nbdinfo").forEach(Peers::require);
    cli = new InProcess(folder);
    disk = TestDisks.sparse(folder.resolve("vda.img"), 40L * MIB);
    TestDisks.random(disk, 3L * MIB, 2 * MIB, 1);
    TestDisks.text(disk, 30L * MIB + 4096, 3 * MIB, 2);
    cli.run("repository", "init", cli.repository()).succeeded();
  }

  @Test
  void aQcow2DiskIsBackedUpByContentAndRestoredInBothFormats() {
    Path qcow2 = folder.resolve("vda.qcow2");
    tool("qemu-img", "convert", "-O", "qcow2", disk, qcow2);
    cli.on("backup", "--vm", "web", "--disk", qcow2).succeeded();
    Path raw = folder.resolve("restored.img");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", raw).succeeded();
    assertThat(TestDisks.sha256(raw)).isEqualTo(TestDisks.sha256(disk));
    Path image = folder.resolve("restored.qcow2");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", image, "--format", "qcow2")
        .succeeded();
    tool("qemu-img", "compare", "-f", "raw", "-F", "qcow2", disk, image);
    tool("qemu-img", "check", "-f", "qcow2", image);
    assertThat(image.toFile().length()).isLessThan(20L * MIB);
    assertNothingLeftBehind();
  }

  @ParameterizedTest
  @CsvSource({"qcow2,qcow2", "vmdk,vmdk", "vhdx,vhdx", "vhd,vpc", "raw,raw"})
  void aPointIsExportedInEveryFormatAndQemuFindsTheSameDisk(String format, String driver) {
    TestDisks.random(disk, 40L * MIB, 12_345, 3);
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    Path image = folder.resolve("export." + format);
    InProcess.Result exported =
        cli.on(
                "export",
                "--point",
                "latest",
                "--vm",
                "web",
                "--disk",
                "0",
                "--to",
                image,
                "--format",
                format,
                "--json")
            .succeeded();
    assertThat(exported.out()).contains("\"format\":\"" + format + "\"");
    tool("qemu-img", "compare", "-f", "raw", "-F", driver, disk, image);
    if (!format.equals("raw") && !format.equals("vhd")) {
      tool("qemu-img", "check", "-f", driver, image);
    }
    long before = image.toFile().length();
    InProcess.Result again =
        cli.on("export", "--point", "latest", "--vm", "web", "--to", image, "--format", format);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("already there");
    assertThat(image.toFile().length()).isEqualTo(before);
    assertNothingLeftBehind();
  }

  @Test
  void aCompressedQcow2HoldsTheSameDiskInLessSpace() {
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    Path plain = folder.resolve("plain.qcow2");
    Path packed = folder.resolve("packed.qcow2");
    cli.on("export", "--point", "latest", "--vm", "web", "--to", plain, "--format", "qcow2")
        .succeeded();
    cli.on(
            "export",
            "--point",
            "latest",
            "--vm",
            "web",
            "--to",
            packed,
            "--format",
            "qcow2",
            "--compress")
        .succeeded();
    tool("qemu-img", "compare", "-f", "raw", "-F", "qcow2", disk, packed);
    tool("qemu-img", "check", "-f", "qcow2", packed);
    assertThat(packed.toFile().length()).isLessThan(plain.toFile().length() - MIB);
  }

  @Test
  void aRawDiskThatBeginsLikeQcow2IsStillReadAsRaw() {
    Path inner = folder.resolve("inner.qcow2");
    tool("qemu-img", "create", "-q", "-f", "qcow2", inner, "1G");
    Path disguised = folder.resolve("disguised.img");
    assertThat(inner.toFile().renameTo(disguised.toFile())).isTrue();
    cli.on("backup", "--vm", "web", "--disk", disguised).succeeded();
    Path restored = folder.resolve("restored.img");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disguised));
  }

  @Test
  void aFileThatIsNoQcow2IsRefusedWithWhatQemuSays() throws IOException {
    Path liar = Files.writeString(folder.resolve("liar.qcow2"), "x".repeat(4096));
    InProcess.Result result = cli.on("backup", "--vm", "web", "--disk", liar);
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err()).contains("error SD-4000", "cannot be opened as qcow2");
    assertNothingLeftBehind();
  }

  @Test
  void anIncrementalByBitmapReadsOnlyWhatChanged() {
    Path qcow2 = folder.resolve("vda.qcow2");
    tool("qemu-img", "convert", "-O", "qcow2", disk, qcow2);
    tool("qemu-img", "bitmap", "--add", qcow2, "b0");
    Path socket = folder.resolve("vda.sock");
    String uri = "nbd+unix:///?socket=" + socket + "#bitmap=b0";
    try (ChildProcess _ = serve(qcow2, socket)) {
      cli.on("backup", "--vm", "web", "--disk", uri).succeeded();
    }
    tool("qemu-io", "-f", "qcow2", "-c", "write -q -P 9 8M 64k", qcow2);
    try (ChildProcess _ = serve(qcow2, socket)) {
      InProcess.Result second =
          cli.on("backup", "--vm", "web", "--disk", uri, "--json").succeeded();
      assertThat(second.out())
          .contains("\"mode\":\"incremental\"", "\"bytesReported\":65536", "qemu:dirty-bitmap:b0")
          .contains("\"bytesChanged\":" + MIB);
    }
    Path restored = folder.resolve("restored.img");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    tool("qemu-img", "compare", "-f", "raw", "-F", "qcow2", restored, qcow2);
  }

  @Test
  void aPointIsServedToOtherProgramsUntilTheSignal() {
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    Path socket = folder.resolve("point.sock");
    try (ChildProcess server = export(socket)) {
      server.awaitOutput("serving disk disk0", LIMIT);
      String uri = "nbd+unix:///?socket=" + socket;
      assertThat(ChildProcess.run(LIMIT, "nbdinfo", "--size", uri).orFail().stdout().strip())
          .isEqualTo(Long.toString(40L * MIB));
      Path copied = folder.resolve("copied.img");
      tool("nbdcopy", uri, copied);
      assertThat(TestDisks.sha256(copied)).isEqualTo(TestDisks.sha256(disk));
      tool("qemu-img", "compare", "-f", "raw", "-F", "raw", disk, uri);
      server.terminate();
      server.awaitExit(LIMIT);
      assertThat(socket).doesNotExist();
    }
  }

  @Test
  void aSocketThatSomethingElseListensOnIsLeftAlone() throws IOException {
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    Path socket = folder.resolve("taken.sock");
    try (ServerSocketChannel other =
            ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
        ChildProcess server = start(other, socket)) {
      assertThat(server.awaitExit(LIMIT)).isEqualTo(4);
      assertThat(server.stderr()).contains("error SD-3001");
      assertThat(socket).exists();
    }
    Path file = Files.writeString(folder.resolve("file.sock"), "precious");
    try (ChildProcess server = export(file)) {
      assertThat(server.awaitExit(LIMIT)).isEqualTo(2);
      assertThat(Files.readString(file)).isEqualTo("precious");
    }
  }

  @Test
  void aBackupAskedToStopMakesNoPointAndSaysSo() throws IOException {
    TestDisks.random(disk, 0, 38 * MIB, 5);
    try (ChildProcess backup =
        CliProcess.start(
            folder, "backup", "--repository", cli.repository(), "--vm", "web", "--disk", disk)) {
      backup.awaitOutput("phase read", LIMIT);
      backup.terminate();
      backup.awaitExit(LIMIT);
      if (cli.on("points").succeeded().out().isEmpty()) {
        assertThat(cli.run("jobs").succeeded().out()).contains("cancelled");
      } else {
        assertThat(cli.run("jobs").succeeded().out()).contains("succeeded");
      }
    }
  }

  @Test
  void theRealProgramIsQuietOnStandardErrorButForItsPhases() {
    try (ChildProcess backup =
        CliProcess.start(
            folder, "backup", "--repository", cli.repository(), "--vm", "web", "--disk", disk)) {
      assertThat(backup.awaitExit(LIMIT)).isZero();
      assertThat(backup.stderr().lines())
          .containsExactly(
              "phase prepare",
              "phase capture",
              "phase read",
              "phase seal",
              "phase publish",
              "phase commit");
    }
  }

  private ChildProcess start(ServerSocketChannel other, Path socket) throws IOException {
    other.bind(UnixDomainSocketAddress.of(socket));
    return export(socket);
  }

  private ChildProcess export(Path socket) {
    return CliProcess.start(
        folder,
        "export-nbd",
        "--repository",
        cli.repository(),
        "--point",
        "latest",
        "--vm",
        "web",
        "--disk",
        "0",
        "--socket",
        socket);
  }

  private static ChildProcess serve(Path image, Path socket) {
    ChildProcess server =
        ChildProcess.start(
            "qemu-nbd",
            "--read-only",
            "--persistent",
            "--format=qcow2",
            "--shared=16",
            "--bitmap=b0",
            "--socket=" + socket,
            image.toString());
    server.awaitFile(socket, LIMIT);
    return server;
  }

  private void assertNothingLeftBehind() {
    assertThat(
            ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().command().orElse("").endsWith("qemu-nbd")))
        .isEmpty();
    assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".partial"));
  }

  private static void tool(Object... command) {
    ChildProcess.run(LIMIT, java.util.Arrays.stream(command).map(String::valueOf).toList())
        .orFail();
  }
}
