package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention, holds and collection from the command line. */
class RetainTest {
  private static final Pattern POINT_ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

  @TempDir Path folder;
  private InProcess cli;
  private final List<String> points = new ArrayList<>();

  @BeforeEach
  void makeFourPoints() {
    cli = new InProcess(folder);
    Path disk = TestDisks.sparse(folder.resolve("vda.img"), 4L << 20);
    cli.run("repository", "init", cli.repository()).succeeded();
    for (int i = 0; i < 4; i++) {
      TestDisks.random(disk, 1L << 20, 1 << 20, i);
      Matcher id =
          POINT_ID.matcher(
              cli.on("backup", "--vm", "web", "--disk", disk, "--json").succeeded().out());
      assertThat(id.find()).isTrue();
      points.add(id.group(1));
    }
  }

  @Test
  void aDryRunTellsWhatWouldGoAndWhyAndDeletesNothing() {
    InProcess.Result dry =
        cli.run("repository", "retain", cli.repository(), "--keep-last", "1", "--dry-run")
            .succeeded();
    assertThat(dry.out())
        .contains("keep   " + points.get(3), "one of the last 1")
        .contains("would delete " + points.get(0), "no rule keeps it")
        .contains("1 kept, 3 would go");
    assertThat(listed()).isEqualTo(points);
  }

  @Test
  void whatNoRuleKeepsGoesAndHeldPointsStay() {
    point("hold", "--point", points.get(1), "--why", "a court asks").succeeded();
    InProcess.Result refused = point("delete", "--point", points.get(1));
    assertThat(refused.code()).isEqualTo(6);
    assertThat(refused.err()).contains("legal hold");

    InProcess.Result result =
        cli.run("repository", "retain", cli.repository(), "--keep-daily", "2", "--json")
            .succeeded();

    assertThat(result.out()).contains("\"deleted\":2", "\"reasons\":[\"held\"]");
    assertThat(listed()).containsExactly(points.get(1), points.get(3));
    point("release", "--point", points.get(1)).succeeded();
    point("delete", "--point", points.get(1)).succeeded();
    assertThat(listed()).containsExactly(points.get(3));
    // Until it is collected a deleted point is restored by its id.
    cli.on("restore", "--point", points.get(0), "--to", folder.resolve("old.img")).succeeded();
    assertThat(cli.run("repository", "collect", cli.repository()).succeeded().out())
        .contains("0 packs, 0 B deleted", "are needed by restore points");
    cli.run("repository", "verify", cli.repository()).succeeded();
  }

  @Test
  void aPolicyWithoutRulesIsRefused() {
    InProcess.Result none = cli.run("repository", "retain", cli.repository());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--keep");
    InProcess.Result zone =
        cli.run(
            "repository",
            "retain",
            cli.repository(),
            "--keep-last",
            "1",
            "--timezone",
            "Mars/Olympus");
    assertThat(zone.code()).isEqualTo(2);
    assertThat(zone.err()).contains("Mars/Olympus");
    assertThat(listed()).isEqualTo(points);
  }

  private InProcess.Result point(String command, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("points", command, "--repository", cli.repository()));
    arguments.addAll(List.of(more));
    return cli.run(arguments.toArray());
  }

  private List<String> listed() {
    List<String> ids = new ArrayList<>();
    Matcher id = POINT_ID.matcher(cli.on("points", "--json").succeeded().out());
    while (id.find()) {
      ids.add(id.group(1));
    }
    return ids;
  }
}
