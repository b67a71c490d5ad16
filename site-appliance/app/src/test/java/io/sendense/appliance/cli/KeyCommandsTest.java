package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Secrets of a repository by the command line. */
class KeyCommandsTest {
  private static final int WRONG_KEY = 2;

  @TempDir Path folder;
  private InProcess cli;
  private Path disk;
  private Path newKey;

  @BeforeEach
  void makeAPoint() throws IOException {
    cli = new InProcess(folder);
    disk = TestDisks.sparse(folder.resolve("vda.img"), 3 << 20);
    TestDisks.random(disk, 1 << 20, 1 << 20, 1);
    cli.run("repository", "init", cli.repository()).succeeded();
    cli.on("backup", "--vm", "web", "--disk", disk).succeeded();
    newKey = folder.resolve("new-key");
    Files.writeString(newKey, "a key file of at least thirty-two bytes");
    Files.setPosixFilePermissions(newKey, PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aKeyIsAddedListedUsedAndRemoved() {
    String id = json("add", "--new-key-file", newKey).get("id").asString();

    assertThat(json("list").get("keys")).hasSize(2);
    assertThat(cli.run("repository", "key", "list", cli.repository()).succeeded().out())
        .contains(id)
        .contains("used now");
    assertThat(restoredWith(newKey)).isZero();

    InProcess.Result own = cli.run("repository", "key", "remove", cli.repository(), used());
    assertThat(own.code()).isEqualTo(WRONG_KEY);
    assertThat(own.err()).contains("opened the repository just now");
    cli.run("repository", "key", "remove", cli.repository(), id).succeeded();
    assertThat(restoredWith(newKey)).isEqualTo(WRONG_KEY);
    assertThat(cli.run("repository", "key", "remove", cli.repository(), "12").err())
        .contains("is not the id of a key");
  }

  @Test
  void afterARotationOnlyTheNewKeyOpensAndEverythingIsThere() {
    assertThat(json("rotate", "--new-key-file", newKey).get("epoch").asInt()).isEqualTo(1);

    assertThat(cli.on("points").code()).isEqualTo(WRONG_KEY);
    assertThat(restoredWith(newKey)).isZero();
    cli.on("backup", "--vm", "web", "--disk", disk, "--key-file", newKey).succeeded();
    cli.run("repository", "verify", cli.repository(), "--key-file", newKey).succeeded();
  }

  @Test
  void theSheetsCodeOpensTheRepositoryAndTheSheetIsForItsOwnerOnly() throws IOException {
    Path sheet = folder.resolve("sheet.html");
    cli.run("repository", "key", "sheet", cli.repository(), "--to", sheet).succeeded();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sheet)))
        .isEqualTo("rw-------");
    StringBuilder code = new StringBuilder();
    Matcher lines = Pattern.compile("<li>([0-9A-Z-]{19})</li>").matcher(Files.readString(sheet));
    while (lines.find()) {
      code.append(lines.group(1)).append(' ');
    }
    InProcess other = new InProcess(folder);
    other.recoveryCode(code.toString());
    Path restored = folder.resolve("by-code.img");
    other.on("restore", "--point", "latest", "--vm", "web", "--to", restored).succeeded();
    assertThat(TestDisks.sha256(restored)).isEqualTo(TestDisks.sha256(disk));

    InProcess.Result again = cli.run("repository", "key", "sheet", cli.repository(), "--to", sheet);
    assertThat(again.code()).isEqualTo(2);
    assertThat(json("list").get("keys")).hasSize(2);
  }

  @Test
  void withoutANewSecretNothingHappens() {
    InProcess.Result result = cli.run("repository", "key", "add", cli.repository());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("SENDENSE_NEW_PASSPHRASE");
  }

  private String used() {
    for (JsonNode key : json("list").get("keys")) {
      if (key.get("used").asBoolean()) {
        return key.get("id").asString();
      }
    }
    throw new AssertionError("no key is used");
  }

  private int restoredWith(Path key) {
    Path to = folder.resolve("restored-" + System.nanoTime() + ".img");
    return cli.on("restore", "--point", "latest", "--vm", "web", "--to", to, "--key-file", key)
        .code();
  }

  private JsonNode json(String command, Object... more) {
    Object[] arguments = new Object[more.length + 5];
    arguments[0] = "repository";
    arguments[1] = "key";
    arguments[2] = command;
    arguments[3] = cli.repository();
    arguments[4] = "--json";
    System.arraycopy(more, 0, arguments, 5, more.length);
    return JsonMapper.shared().readTree(cli.run(arguments).succeeded().out());
  }
}
