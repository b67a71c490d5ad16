package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
  private static final int MIB = 1 << 20;
  private static final Pattern POINT_ID =
      Pattern.compile("\"point\":\\{\"id\":\"([0-9a-f-]{36})\"");

  @TempDir Path folder;
  private InProcess cli;
  private Path disk;

  @BeforeEach
  void makeARepositoryAndADisk() {
    cli = new InProcess(folder);
    disk = TestDisks.sparse(folder.resolve("vda.img"), 24L * MIB + 512);
    TestDisks.random(disk, 3L * MIB, 2 * MIB, 1);
    TestDisks.text(disk, 10L * MIB + 77, 3 * MIB, 2);
    cli.run("repository", "init", cli.repository()).succeeded();
  }

  @Test
  void whatWasBackedUpIsRestoredByteForByte() {
    String point = backUp();
    Path restored = folder.resolve("restored.img");
    InProcess.Result result = cli.on("restore", "--point", point, "--to", restored).succeeded();
    assertThat(result.out()).contains("proved by reading back");
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));
    assertThat(files(folder)).noneMatch(name -> name.endsWith(".partial"));
  }

  @Test
  void aSecondBackupWithoutTrackerComparesAndStoresOnlyWhatChanged() {
    String first = backUp();
    String before = TestDisks.sha256(disk);
    TestDisks.random(disk, 4L * MIB, 4096, 3);
    InProcess.Result second = cli.on("backup", "--vm", "web", "--disk", disk, "--json").succeeded();
    assertThat(second.out())
        .contains("\"mode\":\"compare\"", "\"reason\":\"a raw disk has no change tracker\"");
    assertThat(number(second.out(), "bytesChanged")).isBetween(1L, 4L * MIB);
    assertThat(number(second.out(), "bytesStored")).isLessThan(number(second.out(), "bytesRead"));
    cli.on("restore", "--point", first, "--to", folder.resolve("old.img")).succeeded();
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", folder.resolve("new.img"))
        .succeeded();
    assertThat(TestDisks.sha256(folder.resolve("old.img"))).isEqualTo(before);
    assertThat(TestDisks.sha256(folder.resolve("new.img"))).isEqualTo(TestDisks.sha256(disk));
  }

  @Test
  void pointsAreListedWithWhatScriptsNeed() {
    String point = backUp();
    InProcess.Result listed = cli.on("points", "--json").succeeded();
    assertThat(listed.out())
        .contains("\"id\":\"" + point + "\"", "\"vm\":\"web\"", "\"createdAt\":\"", "\"disks\":[{");
    assertThat(listed.out().lines()).hasSize(1);
    assertThat(cli.on("points", "--vm", "other").succeeded().out()).isEmpty();
    assertThat(cli.on("points", "--vm", "web").succeeded().out()).contains(point);
  }

  @Test
  void severalDisksAreRestoredIntoAFolder() throws IOException {
    Path data = TestDisks.random(folder.resolve("data.img"), 0, MIB, 4);
    cli.on("backup", "--vm", "db", "--disk", "vda=" + disk, "--disk", "data=" + data).succeeded();
    Path into = Files.createDirectory(folder.resolve("into"));
    cli.on("restore", "--point", "latest", "--vm", "db", "--to", into).succeeded();
    assertThat(TestDisks.sha256(into.resolve("vda.img"))).isEqualTo(TestDisks.sha256(disk));
    assertThat(TestDisks.sha256(into.resolve("data.img"))).isEqualTo(TestDisks.sha256(data));
    Path one = folder.resolve("one.img");
    cli.on("restore", "--point", "latest", "--vm", "db", "--disk", "data", "--to", one).succeeded();
    assertThat(TestDisks.sha256(one)).isEqualTo(TestDisks.sha256(data));
  }

  @Test
  void nothingThatIsThereIsOverwritten() throws IOException {
    String point = backUp();
    Path there = Files.writeString(folder.resolve("precious"), "precious");
    InProcess.Result result = cli.on("restore", "--point", point, "--to", there);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("error SD-1002", "is already there");
    assertThat(Files.readString(there)).isEqualTo("precious");
  }

  @Test
  void aWrongKeyIsRefusedWithAClearMessage() {
    backUp();
    cli.passphrase("not the right passphrase");
    InProcess.Result result = cli.on("points", "--json");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("error SD-1006");
    assertThat(result.out()).contains("\"error\":{\"code\":\"SD-1006\",\"name\":\"WRONG_KEY\"");
    assertThat(result.out() + result.err()).doesNotContain("not the right passphrase");
  }

  @Test
  void aPassphraseOpensWhatItMade() {
    cli.passphrase("several words that nobody knows");
    Path other = folder.resolve("other");
    cli.run("repository", "init", other).succeeded();
    cli.run("backup", "--repository", other, "--vm", "web", "--disk", disk).succeeded();
    cli.passphrase("several words that somebody guesses");
    assertThat(cli.run("points", "--repository", other).err()).contains("error SD-1006");
    cli.passphrase("");
    assertThat(cli.run("points", "--repository", other).err())
        .contains("error SD-1004", "SENDENSE_PASSPHRASE");
  }

  @Test
  void aKeyFileThatOthersCanReadIsRefused() throws IOException {
    Path key = Files.write(folder.resolve("open-key"), new byte[32]);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    Path other = folder.resolve("other");
    InProcess.Result refused = cli.run("repository", "init", other, "--key-file", key);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("error SD-1003", "chmod 600");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    cli.run("repository", "init", other, "--key-file", key).succeeded();
    cli.run("points", "--repository", other, "--key-file", key).succeeded();
  }

  @Test
  void aClockSetBackStillMakesTheNewestPointTheLatest() {
    backUp();
    cli.clock(InstantSource.fixed(Instant.parse("2001-01-01T00:00:00Z")));
    TestDisks.random(disk, 0, 100, 8);
    String second = backUp();
    cli.clock(InstantSource.offset(InstantSource.system(), Duration.ofDays(-400)));
    TestDisks.random(disk, 200, 100, 9);
    String third = backUp();
    assertThat(third).isNotEqualTo(second);
    Path restored = folder.resolve("restored.img");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));
  }

  @Test
  void aDiskThatShrankOrGrewIsNeverTakenSilently() {
    backUp();
    TestDisks.random(disk, 30L * MIB, 5000, 5);
    InProcess.Result grown = cli.on("backup", "--vm", "web", "--disk", disk, "--json").succeeded();
    assertThat(grown.err()).contains("warning: disk disk0 grew from");
    assertThat(grown.out()).contains("\"warnings\":[\"disk disk0 grew");
    Path restored = folder.resolve("restored.img");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));
  }

  @Test
  void aDamagedObjectIsNamedAndOtherPointsStillRestore() throws IOException {
    backUp();
    Path other = TestDisks.random(folder.resolve("other.img"), 0, 3 * MIB, 77);
    List<Path> before = objects();
    String good =
        pointOf(cli.on("backup", "--vm", "db", "--disk", other, "--json").succeeded().out());
    Path damaged = before.stream().max((a, b) -> Long.compare(size(a), size(b))).orElseThrow();
    flipAByteInTheMiddle(damaged);
    InProcess.Result verified = cli.run("repository", "verify", cli.repository(), "--json");
    assertThat(verified.code()).isEqualTo(6);
    assertThat(verified.out()).contains("\"whole\":false", damaged.getFileName().toString());
    InProcess.Result bad =
        cli.on("restore", "--point", "latest", "--vm", "web", "--to", folder.resolve("no.img"));
    assertThat(bad.code()).isEqualTo(6);
    assertThat(folder.resolve("no.img")).doesNotExist();
    Path restored = folder.resolve("good.img");
    cli.on("restore", "--point", good, "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(other));
  }

  @Test
  void aWholeRepositoryVerifies() {
    backUp();
    assertThat(cli.run("repository", "verify", cli.repository()).succeeded().out())
        .startsWith("whole: 1 points");
  }

  @Test
  void argumentsThatCannotBeReadAreExplained() {
    assertThat(cli.run("backup").code()).isEqualTo(2);
    assertThat(cli.run("nonsense").code()).isEqualTo(2);
    assertThat(cli.run("--help").code()).isZero();
    InProcess.Result none = cli.on("backup", "--vm", "web");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("either --disk or both --qmp and --scratch");
    InProcess.Result gone = cli.on("backup", "--vm", "web", "--disk", "/nowhere/vda.img");
    assertThat(gone.code()).isEqualTo(2);
    assertThat(gone.err()).contains("error SD-1001: disk /nowhere/vda.img is not there");
  }

  @Test
  void jobsAreKept() {
    backUp();
    cli.on("backup", "--vm", "web", "--disk", "/nowhere/vda.img");
    assertThat(cli.run("jobs").succeeded().out().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).contains("failed", "/nowhere/vda.img is not there"),
            line -> assertThat(line).contains("succeeded"));
  }

  private String backUp() {
    return pointOf(cli.on("backup", "--vm", "web", "--disk", disk, "--json").succeeded().out());
  }

  private static String pointOf(String json) {
    Matcher matcher = POINT_ID.matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return matcher.group(1);
  }

  private static long number(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(json);
    assertThat(matcher.find()).as(json).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  private List<Path> objects() throws IOException {
    try (Stream<Path> all = Files.walk(cli.repository())) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void flipAByteInTheMiddle(Path path) throws IOException {
    byte[] content = Files.readAllBytes(path);
    content[content.length / 2] ^= 1;
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    Files.write(path, content);
  }

  private static List<String> files(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
