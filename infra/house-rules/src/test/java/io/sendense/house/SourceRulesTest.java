package io.sendense.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SourceRulesTest {
  private static final Map<Pattern, String> BANNED_IN_MAIN =
      Map.of(
          Pattern.compile("\\bInstant\\.now\\(\\)|\\bLocalDate(Time)?\\.now\\("),
          "time comes in by constructor (InstantSource)",
          Pattern.compile("System\\.currentTimeMillis\\("),
          "time comes in by constructor (InstantSource)",
          Pattern.compile("Thread\\.sleep\\("),
          "wait for the condition, with a deadline",
          Pattern.compile("new Random\\(|Math\\.random\\("),
          "randomness comes in by constructor",
          Pattern.compile("catch \\([^)]*\\) \\{\\s*\\}"),
          "an error caught and lost");

  private static final Map<Pattern, String> BANNED_EVERYWHERE =
      Map.of(
          Pattern.compile("\\b(TODO|FIXME|XXX)\\b"), "work left open",
          Pattern.compile("@Disabled|@Ignore\\b"), "a test that never runs",
          Pattern.compile("InsecureTrustManager|NoopHostnameVerifier|ALLOW_ALL_HOSTNAME"),
              "trust switched off",
          Pattern.compile("org\\.mockito|org\\.easymock|org\\.powermock"),
              "no mock library for types we own");

  @Test
  void timeChanceAndWaitingComeFromOutside() {
    assertThat(violations(Tree.mainJava(), BANNED_IN_MAIN, "direct-time-and-chance.txt")).isEmpty();
  }

  @Test
  void nothingIsLeftOpenSwitchedOffOrMocked() {
    List<Path> others =
        Tree.java().stream().filter(p -> !p.startsWith("infra/house-rules")).toList();
    assertThat(violations(others, BANNED_EVERYWHERE, "left-open.txt")).isEmpty();
  }

  @Test
  void aLongFileSaysWhy() {
    Set<String> explained = paths("long-files.txt");
    List<String> unexplained =
        Tree.java().stream()
            .filter(p -> !explained.contains(p.toString()))
            .filter(p -> Tree.text(p).lines().count() > 300)
            .map(p -> p + ": over 300 lines; split it or explain it in long-files.txt")
            .toList();
    assertThat(unexplained).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() {
    Set<Path> packages =
        Tree.mainJava().stream()
            .map(Path::getParent)
            .collect(Collectors.toCollection(java.util.TreeSet::new));
    List<String> wrong = new ArrayList<>();
    for (Path folder : packages) {
      Path info = folder.resolve("package-info.java");
      if (!Tree.ROOT.resolve(info).toFile().exists() || !Tree.text(info).contains("@NullMarked")) {
        wrong.add(folder + ": needs a package-info.java with @NullMarked");
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void exceptionsNameFilesThatStillNeedThem() {
    List<String> stale = new ArrayList<>();
    for (String list : List.of("long-files.txt", "direct-time-and-chance.txt", "left-open.txt")) {
      for (Tree.Excepted exception : Tree.exceptions(list)) {
        if (!Tree.ROOT.resolve(exception.path()).toFile().exists()) {
          stale.add(list + ": " + exception.path() + " is not there any more");
        }
      }
    }
    assertThat(stale).isEmpty();
  }

  private static List<String> violations(
      List<Path> files, Map<Pattern, String> banned, String exceptionList) {
    Set<String> excepted = paths(exceptionList);
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      if (excepted.contains(file.toString())) {
        continue;
      }
      String text = Tree.text(file);
      banned.forEach(
          (pattern, why) ->
              pattern
                  .matcher(text)
                  .results()
                  .forEach(
                      hit -> {
                        long line = text.substring(0, hit.start()).lines().count();
                        found.add(
                            file + ":" + line + ": " + hit.group().strip() + " (" + why + ")");
                      }));
    }
    return found;
  }

  private static Set<String> paths(String list) {
    return Tree.exceptions(list).stream().map(Tree.Excepted::path).collect(Collectors.toSet());
  }
}
