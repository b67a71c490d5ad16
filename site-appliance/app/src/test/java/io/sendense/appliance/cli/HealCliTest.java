package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealCliTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private InProcess cli;
  private Path disk;
  private Path second;

  @BeforeEach
  void aPointAndItsCopy() {
    cli = new InProcess(folder);
    disk = TestDisks.random(folder.resolve("vda.img"), 0, 20 * MIB, 1);
    second = folder.resolve("second");
    cli.run("repository", "init", cli.repository()).succeeded();
    cli.run("repository", "init", second, "--tenant-of", cli.repository()).succeeded();
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    cli.run("copy", "--from", cli.repository(), "--to", second, "--all").succeeded();
  }

  @Test
  void aLostPackIsFoundByVerifyAndHealedFromTheCopy() throws IOException {
    Files.delete(packs().getFirst());
    InProcess.Result found = cli.run("repository", "verify", cli.repository(), "--json");
    assertThat(found.code()).isEqualTo(6);
    assertThat(found.out()).contains("\"kind\":\"missing\"", "\"disk\":\"disk0\"", "\"offset\":");

    InProcess.Result alone = cli.run("repository", "heal", cli.repository());
    assertThat(alone.code()).isEqualTo(6);
    assertThat(alone.out()).contains("lost: missing packs/");
    assertThat(cli.run("repository", "heal", cli.repository(), "--from", second).succeeded().out())
        .contains("healed: 1 damaged packs known", "from the copy");
    cli.run("repository", "verify", cli.repository()).succeeded();
    restores();
  }

  @Test
  void withoutACopyTheNextBackupHeals() throws IOException {
    Files.delete(packs().getFirst());
    cli.run("repository", "verify", cli.repository());
    assertThat(cli.on("backup", "--vm", "web", "--disk", disk).succeeded().err())
        .contains("recorded as damaged");
    restores();
  }

  @Test
  void theIndexIsRebuiltFromThePacksAlone() throws IOException {
    for (Path index : files("indexes")) {
      Files.delete(index);
    }
    assertThat(cli.run("repository", "rebuild-index", cli.repository(), "--json").succeeded().out())
        .contains("\"packsIndexed\":" + packs().size());
    cli.run("repository", "verify", cli.repository()).succeeded();
    restores();
  }

  @Test
  void partsOfTheDataAreVerifiedInTurn() {
    assertThat(verifyPart("next/2").succeeded().out()).contains("whole, data of part 1/2:");
    assertThat(verifyPart("next/2").succeeded().out()).contains("part 2/2");
    assertThat(verifyPart("2/5").succeeded().out()).contains("part 2/5");
    for (String bad : List.of("0/2", "3/2", "next", "1/0", "a/b")) {
      assertThat(verifyPart(bad).err()).as(bad).contains("is not a part");
    }
  }

  @Test
  void aFolderHasNoTiersAndSaysSo() {
    InProcess.Result refused =
        cli.run("repository", "tier", cli.repository(), "--cool-after", "30d", "--dry-run");
    assertThat(refused.code()).isEqualTo(6);
    assertThat(refused.err()).contains("does not offer the tier COOL");
    assertThat(cli.run("repository", "tier", cli.repository()).err()).contains("when data moves");
    assertThat(cli.run("repository", "tier", cli.repository(), "--cool-after", "soon").err())
        .contains("--cool-after soon is not a span of time");
    assertThat(
            cli.run("repository", "rehydrate", cli.repository(), "--point", "latest", "--vm", "web")
                .succeeded()
                .out())
        .contains("can be restored now");
  }

  private InProcess.Result verifyPart(String part) {
    return cli.run("repository", "verify", cli.repository(), "--part", part);
  }

  private void restores() {
    Path restored = folder.resolve("restored.img");
    cli.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));
  }

  private List<Path> packs() throws IOException {
    return files("packs");
  }

  private List<Path> files(String kind) throws IOException {
    try (Stream<Path> all = Files.walk(cli.repository())) {
      return all.filter(Files::isRegularFile)
          .filter(path -> cli.repository().relativize(path).toString().contains(kind + "/"))
          .sorted()
          .toList();
    }
  }
}
