package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.guest.RecordingGuest;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordingMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files put back into a real guest that runs and writes, through QEMU's own agent in it. */
@Tag("server")
class FilesRestoreTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int MIB = 1 << 20;

  @TempDir(factory = ShortTempDir.class)
  static Path folder;

  private static LibvirtServer server;
  private static RecordingMachine machine;
  private static AgentShell shell;
  private static InProcess cli;
  private static Path source;

  @BeforeAll
  static void startAGuestAndBackUpFiles() throws IOException {
    for (String tool : List.of("setfattr", "setfacl", "getfattr", "getfacl", "tar", "ldd")) {
      Peers.require(tool);
    }
    RecordingGuest guest = RecordingGuest.build();
    server = LibvirtServer.start();
    machine = RecordingMachine.direct(server, "inplace", guest, "real");
    machine.start();
    source = Files.createDirectory(folder.resolve("source"));
    Path site = Files.createDirectories(source.resolve("site/deep"));
    Files.writeString(site.resolve("page"), "a page\n");
    Files.createLink(site.resolve("same"), site.resolve("page"));
    Files.createSymbolicLink(site.resolve("link"), Path.of("../nowhere"));
    TestDisks.random(source.resolve("site/Größe.bin"), 0, 300_000, 1);
    TestDisks.random(source.resolve("big"), 0, 2 * MIB, 2);
    tool("truncate", "-s", "20M", source.resolve("site/hole"));
    tool("setfattr", "-n", "user.note", "-v", "kept", site.resolve("page"));
    tool("setfacl", "-m", "u:1234:rw", site.resolve("page"));
    tool("chown", "12:34", site);
    tool("chmod", "4751", site.resolve("page"));
    tool("touch", "-d", "2021-03-04T05:06:07Z", site.resolve("page"), site);
    Path disk = folder.resolve("disk");
    tool("mke2fs", "-q", "-F", "-t", "ext4", "-d", source, disk, "64M");
    cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    cli.on("backup", "--vm", "inplace", "--disk", disk).succeeded();
    machine.awaitAgent();
    shell = new AgentShell(server, machine.name());
    assertThat(restore("/data", "/site").err()).contains("SD-4011", "has no GNU tar");
    shell.installTar();
  }

  @AfterAll
  static void stopLibvirt() {
    if (server != null) {
      server.close();
    }
  }

  private static Object[] command(String to, String path, Object... more) {
    return Stream.concat(
            Stream.of("files", "restore", "--repository", cli.repository(), "--point", "latest"),
            Stream.concat(
                Stream.of("--vm", "inplace", "--uri", server.uri(), "--path", path, "--to", to),
                Arrays.stream(more)))
        .toArray();
  }

  private static InProcess.Result restore(String to, String path, Object... more) {
    return cli.run(command(to, path, more));
  }

  @Test
  void aFolderComesBackWithAllThatBelongsToIt() {
    shell.run("mkdir", "/data/whole");
    assertThat(restore("/data/whole", "/site").succeeded().out())
        .contains("5 files in 2 folders restored to /data/whole/site of inplace and compared");
    // Read out of the running guest by its own tar.
    Path copy = shell.fetch("/data/whole/site", folder.resolve("fetched.tar"));
    assertThat(listing(copy)).isEqualTo(listing(source.resolve("site"))).contains("4751", "kept");
    assertThat(shell.run("ls", "-A", "/data/whole").strip()).isEqualTo("site");
  }

  @Test
  void whatIsThereIsNotTouchedUnlessThatIsAskedFor() {
    shell.run("mkdir", "-p", "/data/taken/site");
    shell.run("touch", "/data/taken/site/mine", "/data/taken/page");

    assertThat(restore("/data/taken", "/site").err()).contains("SD-1002", "is there in the guest");
    assertThat(shell.run("ls", "-A", "/data/taken/site").strip()).isEqualTo("mine");

    restore("/data/taken", "/site/deep/page", "--keep-both").succeeded();
    assertThat(shell.run("cat", "/data/taken/page")).isEmpty();
    assertThat(shell.run("sh", "-c", "cat /data/taken/page.restored-*")).isEqualTo("a page\n");

    restore("/data/taken", "/site/deep/page", "--overwrite").succeeded();
    assertThat(shell.run("cat", "/data/taken/page")).isEqualTo("a page\n");

    assertThat(restore("/data/taken", "/site", "--overwrite").succeeded().out())
        .contains("what was there is now /data/taken/site.replaced-");
    assertThat(shell.run("sh", "-c", "ls -A /data/taken/site.replaced-*").strip())
        .isEqualTo("mine");
    assertThat(shell.run("cat", "/data/taken/site/deep/page")).isEqualTo("a page\n");
    assertThat(shell.run("ls", "-A", "/data/taken")).doesNotContain(".sendense");
  }

  @Test
  void whatFailsAndWhatIsKilledLeavesNothing() {
    shell.run("mkdir", "/data/small");
    assertThat(restore("/data/small", "/big", "--most-mib", "1").err())
        .contains("SD-3004", "--most-mib");
    assertThat(shell.run("ls", "-A", "/data/small")).isEmpty();
    assertThat(restore("/data/none", "/site").err()).contains("SD-1001", "no folder in the guest");

    try (ChildProcess child =
        CliProcess.start(folder, command("/data/small", "/big", "--rate-mib", "1"))) {
      server.await(
          "a restore that is at work",
          LONG,
          () -> shell.run("sh", "-c", "ls -s /data/small/.sendense*").contains("archive.tar"));
      child.kill();
    }
    InProcess.Result next = restore("/data/small", "/big").succeeded();
    assertThat(next.err()).contains("removed what an interrupted restore had left");
    assertThat(shell.run("ls", "-A", "/data/small").strip()).isEqualTo("big");
  }

  private static String listing(Path tree) {
    String text =
        "cd \"$1\" && find . -printf '%P %y %m %U %G %n %T@ %l\\n' | sed 's/^\\([^ ]*\\) d .*/\\1 d/; s/[.][0-9]\\{10\\} / /'"
            + " | sort && find . -type f -exec sha256sum {} + | sort"
            + " && getfattr -h -R -P -d -m user . && getfacl -R -P -n .";
    return tool("sh", "-c", text, "sh", tree);
  }

  private static String tool(String name, Object... arguments) {
    return ChildProcess.run(
            LONG,
            Stream.concat(
                    Stream.of(Peers.require(name).toString()),
                    Stream.of(arguments).map(String::valueOf))
                .toList())
        .orFail()
        .stdout();
  }
}
