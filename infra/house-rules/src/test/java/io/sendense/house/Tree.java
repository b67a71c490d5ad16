package io.sendense.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checkout that holds this module, as paths relative to its root. */
final class Tree {
  static final Path ROOT = root();

  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", "dist", ".git", ".sendense", "generated");

  private Tree() {}

  static List<Path> files(Predicate<String> wanted) {
    List<Path> found = new ArrayList<>();
    walk(ROOT, wanted, found);
    found.sort(null);
    return found;
  }

  static List<Path> mainJava() {
    return files(f -> f.endsWith(".java") && f.contains("/src/main/java/"));
  }

  static List<Path> java() {
    return files(f -> f.endsWith(".java"));
  }

  static String text(Path relative) {
    try {
      return Files.readString(ROOT.resolve(relative));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rule's exceptions: lines of {@code path reason}; a line without a reason is a fault. */
  static List<Excepted> exceptions(String file) {
    return text(Path.of("infra", "house-rules", "exceptions", file))
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Excepted::parse)
        .toList();
  }

  record Excepted(String path, String reason) {
    static Excepted parse(String line) {
      String[] parts = line.strip().split("\\s+", 2);
      if (parts.length < 2 || parts[1].length() < 10) {
        throw new IllegalArgumentException("an exception needs a path and a reason: " + line);
      }
      return new Excepted(parts[0], parts[1]);
    }
  }

  private static void walk(Path folder, Predicate<String> wanted, List<Path> found) {
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.toList()) {
        if (Files.isDirectory(child)) {
          if (!NOT_OURS.contains(child.getFileName().toString())) {
            walk(child, wanted, found);
          }
        } else {
          Path relative = ROOT.relativize(child);
          if (wanted.test(relative.toString())) {
            found.add(relative);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.exists(here.resolve("sendense")) || !Files.exists(here.resolve("pom.xml"))) {
      Path parent = here.getParent();
      if (parent == null) {
        throw new IllegalStateException("run from inside the checkout");
      }
      here = parent;
    }
    return here;
  }
}
