package io.sendense.bench;

import io.sendense.repository.format.Consistency;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointDraft;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.local.LocalObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens a repository and times one thing: FOLDER PASSPHRASE open|points|again|backup. */
final class OpenLarge {
  private OpenLarge() {}

  public static void main(String[] arguments) {
    Environment environment = Environment.of(InstantSource.system(), new SecureRandom());
    try (LocalObjectStore store = LocalObjectStore.open(Path.of(arguments[0]))) {
      long begin = System.nanoTime();
      try (Repository repository =
          Repository.open(
              store, RepositorySecret.passphrase(arguments[1].toCharArray()), environment)) {
        if (arguments[2].equals("again")) {
          System.out.println(repository.points().size() + " points before");
        }
        if (!arguments[2].equals("open")) {
          begin = System.nanoTime();
        }
        if (arguments[2].equals("points") || arguments[2].equals("again")) {
          System.out.println(repository.points().size() + " points");
        }
        if (arguments[2].equals("backup")) {
          begin(repository, environment);
        }
        System.out.println(
            String.format(Locale.ROOT, "seconds %.3f", (System.nanoTime() - begin) / 1e9));
      }
    }
  }

  /** Begins a point of a new machine, for which the indexes are read, and gives it up. */
  private static void begin(Repository repository, Environment environment) {
    PointDraft draft =
        new PointDraft(
            "another",
            environment.clock().instant(),
            Consistency.CRASH,
            Optional.empty(),
            List.of(new PointDraft.Disk("vda", 1 << 30)));
    try (PointWriter writer = repository.beginPoint(draft)) {
      writer.abandon();
    }
  }
}
