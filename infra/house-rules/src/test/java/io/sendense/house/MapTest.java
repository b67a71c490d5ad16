package io.sendense.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/map.md is true: it names every module of the build and exactly what each may see. */
class MapTest {
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z0-9/-]+)` \\|[^|]*\\|([^|]*)\\|$");
  private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

  @Test
  void theMapNamesEveryModuleAndWhatItSees() {
    assertThat(onTheMap()).isEqualTo(inThePoms());
  }

  @Test
  void linksBetweenPagesLeadSomewhere() {
    List<String> broken = new ArrayList<>();
    Pattern link = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    for (Path page : Tree.files(f -> f.endsWith(".md"))) {
      Matcher matcher = link.matcher(Tree.text(page));
      while (matcher.find()) {
        String target = matcher.group(1);
        if (target.contains("://") || target.startsWith("mailto:")) {
          continue;
        }
        Path folder = page.getParent();
        Path resolved = folder == null ? Path.of(target) : folder.resolve(target);
        if (!Tree.ROOT.resolve(resolved).normalize().toFile().exists()) {
          broken.add(page + " -> " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static Map<String, Set<String>> onTheMap() {
    Map<String, Set<String>> rows = new TreeMap<>();
    Matcher row = ROW.matcher(Tree.text(Path.of("docs/map.md")));
    while (row.find()) {
      Set<String> sees = new TreeSet<>();
      for (String word : row.group(2).split(",")) {
        if (!word.isBlank() && !word.strip().equals("nothing")) {
          sees.add(word.strip().replace("`", ""));
        }
      }
      rows.put(row.group(1), sees);
    }
    return rows;
  }

  private static Map<String, Set<String>> inThePoms() {
    Map<String, String> pathByArtifact = new TreeMap<>();
    List<String> modules = new ArrayList<>();
    Matcher module = MODULE.matcher(Tree.text(Path.of("pom.xml")));
    while (module.find()) {
      modules.add(module.group(1));
      pathByArtifact.put(artifactOf(module.group(1)), module.group(1));
    }
    Map<String, Set<String>> sees = new TreeMap<>();
    for (String path : modules) {
      Set<String> seen = new TreeSet<>();
      Matcher dependency = DEPENDENCY.matcher(Tree.text(Path.of(path, "pom.xml")));
      while (dependency.find()) {
        String body = dependency.group(1);
        Matcher artifact = ARTIFACT.matcher(body);
        if (body.contains("<groupId>io.sendense</groupId>")
            && !body.contains("<scope>test</scope>")
            && artifact.find()) {
          seen.add(pathByArtifact.getOrDefault(artifact.group(1), artifact.group(1)));
        }
      }
      sees.put(path, seen);
    }
    return sees;
  }

  private static String artifactOf(String modulePath) {
    String pom = Tree.text(Path.of(modulePath, "pom.xml"));
    Matcher own = ARTIFACT.matcher(pom.substring(pom.indexOf("</parent>")));
    if (!own.find()) {
      throw new IllegalStateException(modulePath + "/pom.xml has no artifactId");
    }
    return own.group(1);
  }
}
