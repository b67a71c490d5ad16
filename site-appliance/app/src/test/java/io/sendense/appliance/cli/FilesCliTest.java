package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files out of a point, by the command line, from a partitioned disk in a real repository. */
@Tag("server")
class FilesCliTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private InProcess cli;

  @BeforeEach
  void backUpAGuestsDisk() throws IOException {
    cli = new InProcess(folder);
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.createDirectories(source.resolve("etc/app"));
    Files.writeString(source.resolve("etc/app/app.conf"), "port = 8080\n");
    Files.writeString(source.resolve("etc/hostname"), "web-1\n");
    Files.createSymbolicLink(source.resolve("conf"), Path.of("/etc/app"));
    TestDisks.random(source.resolve("data.bin"), 0, 5 * MIB, 1);
    Path part = folder.resolve("part");
    tool("mke2fs", "-q", "-F", "-t", "ext4", "-L", "root", "-d", source, part, "32M");
    Path disk = TestDisks.sparse(folder.resolve("disk"), 40L * MIB);
    tool("sgdisk", "-n", "1:2048:+1M", "-n", "2:0:+32M", "-c", "2:system", disk);
    tool("dd", "if=" + part, "of=" + disk, "bs=1M", "seek=2", "conv=notrunc,sparse");
    cli.run("repository", "init", cli.repository()).succeeded();
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
  }

  @Test
  void volumesAndDirectoriesAreListed() {
    assertThat(files("ls").succeeded().out())
        .contains("disk0p1", "disk0p2  32.0 MiB  ext4 \"root\"  (GPT partition, system)");
    assertThat(files("ls", "--path", "/conf").succeeded().out()).contains("-rw-r--r--", "app.conf");
    assertThat(files("ls", "--path", "/", "--json").succeeded().out())
        .contains("\"volume\":\"disk0p2\"", "\"name\":\"data.bin\",\"kind\":\"file\"")
        .contains("\"sizeBytes\":5242880", "\"target\":\"/etc/app\"");
  }

  @Test
  void aLongDirectoryIsListedInPages() {
    List<String> all = files("ls", "--path", "/").succeeded().out().lines().toList();
    InProcess.Result first = files("ls", "--path", "/", "--limit", "2").succeeded();
    assertThat(first.err()).contains("--from 2");
    List<String> pages =
        Stream.concat(
                first.out().lines(),
                files("ls", "--path", "/", "--from", "2").succeeded().out().lines())
            .toList();
    assertThat(pages).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void aFileAndAFolderAreCopiedAndNothingIsOverwritten() {
    Path to = folder.resolve("to");
    assertThat(files("get", "--path", "/data.bin", "--to", to).succeeded().out())
        .contains("1 file, 5.0 MiB copied");
    assertThat(TestDisks.sha256(to.resolve("data.bin")))
        .isEqualTo(TestDisks.sha256(folder.resolve("source/data.bin")));
    assertThat(files("get", "--path", "/etc", "--to", to).succeeded().out()).contains("2 files");
    assertThat(to.resolve("etc/app/app.conf")).hasContent("port = 8080\n");

    InProcess.Result again = files("get", "--path", "/data.bin", "--to", to);
    assertThat(again.code()).isNotZero();
    assertThat(again.err()).contains("there already");
  }

  @Test
  void aFolderIsCopiedToArchivesThatAppearWhole() {
    for (String ending : List.of("tar", "zip")) {
      Path to = folder.resolve("etc." + ending);
      files("get", "--path", "/etc", "--to", to).succeeded();
      String listed = ending.equals("tar") ? tool("tar", "-tf", to) : tool("unzip", "-l", to);
      assertThat(listed).contains("etc/app/app.conf", "etc/hostname");
      assertThat(folder.resolve("etc." + ending + ".partial")).doesNotExist();
      assertThat(files("get", "--path", "/etc", "--to", to).err()).contains("there already");
    }
  }

  @Test
  void filesAreFoundByTheirNames() {
    assertThat(files("search", "--name", "*.CONF", "--ignore-case").succeeded().out())
        .contains("/etc/app/app.conf");
    assertThat(files("search", "--name", "host*", "--path", "/etc", "--json").succeeded().out())
        .contains("\"name\":\"/etc/hostname\"", "\"complete\":true");
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThat(files("get", "--path", "/etc/none", "--to", folder.resolve("x")).err())
        .contains("there is no none");
    assertThat(files("ls", "--volume", "disk0p9", "--path", "/").err())
        .contains("there is no volume disk0p9", "disk0p2");
    assertThat(files("ls", "--volume", "disk0p1", "--path", "/").err())
        .contains("nothing that is known here");
  }

  private InProcess.Result files(Object... more) {
    Object[] all =
        Stream.concat(
                Stream.of(
                    "files",
                    more[0],
                    "--repository",
                    cli.repository(),
                    "--point",
                    "latest",
                    "--vm",
                    "web"),
                Arrays.stream(more).skip(1))
            .toArray();
    return cli.run(all);
  }

  private static String tool(String name, Object... arguments) {
    List<String> command =
        Stream.concat(Stream.of(Peers.require(name)), Arrays.stream(arguments))
            .map(String::valueOf)
            .toList();
    return ChildProcess.run(Duration.ofSeconds(60), command).orFail().stdout();
  }
}
