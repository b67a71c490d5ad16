package io.sendense.demo;

import io.sendense.testkit.ChildProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** A repository with one flipped bit: named, refused, and never restored as if it were whole. */
final class DamageChapter {
  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final int STORE_EXIT = 6;

  private final Story story;
  private final Appliance appliance;
  private final Path folder;
  private final Path key;

  DamageChapter(Story story, Appliance appliance, Path folder, Path key) {
    this.story = story;
    this.appliance = appliance;
    this.folder = folder;
    this.key = key;
  }

  void tell(Path repository, PointMade point) throws IOException {
    Path copy = folder.resolve("damaged-copy");
    copy(repository, copy);
    Path victim = flipOneBit(copy);
    story.proof(
        "one flipped bit in a stored object is found and named",
        () -> {
          ChildProcess.Result verify =
              appliance.run(
                  DEADLINE, "repository", "verify", copy.toString(), "--key-file", key.toString());
          Story.require(verify.exitCode() == STORE_EXIT, "verify ended with " + verify.exitCode());
          String name = copy.relativize(victim).toString().replace('\\', '/');
          String last = name.substring(name.lastIndexOf('/') + 1);
          Story.require(verify.stdout().contains(last), "verify does not name " + name);
          return Shown.of(Appliance.brief(verify.stdout()));
        });
    story.proof(
        "and a restore from it is refused, leaving nothing half-done",
        () -> {
          Path into = Files.createDirectories(folder.resolve("from-damaged"));
          ChildProcess.Result restore =
              appliance.run(
                  DEADLINE,
                  "restore",
                  "--repository",
                  copy.toString(),
                  "--key-file",
                  key.toString(),
                  "--point",
                  point.id(),
                  "--to",
                  into.toString(),
                  "--format",
                  "raw");
          Story.require(
              restore.exitCode() == STORE_EXIT, "restore ended with " + restore.exitCode());
          try (Stream<Path> left = Files.list(into)) {
            Story.require(
                left.noneMatch(f -> f.toString().contains("data")), "a half-restored disk is left");
          }
          return Shown.of(Appliance.complaint(restore.stderr()));
        });
  }

  /** In the middle of the largest object, which is a pack of chunks. */
  private static Path flipOneBit(Path repository) throws IOException {
    Path largest;
    try (Stream<Path> files = Files.walk(repository)) {
      largest =
          files
              .filter(Files::isRegularFile)
              .max(Comparator.comparingLong(DamageChapter::size))
              .orElseThrow();
    }
    largest.toFile().setWritable(true, true);
    try (RandomAccessFile file = new RandomAccessFile(largest.toFile(), "rw")) {
      long middle = file.length() / 2;
      file.seek(middle);
      int old = file.read();
      file.seek(middle);
      file.write(old ^ 0x10);
    }
    return largest;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
