package io.sendense.recovery.convert;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real Debian on a disk, made once per machine and version of make-guest.sh. */
final class DebianGuest {
  private static final Duration MAKE_DEADLINE = Duration.ofMinutes(10);

  private DebianGuest() {}

  /** A copy of the disk that the test may change. */
  static Path copy(Path folder) throws IOException {
    for (String tool : List.of("mmdebstrap", "mke2fs", "mkswap", "sfdisk", "grub-mkimage")) {
      Peers.require(tool);
    }
    Path copy = folder.resolve("disk.raw");
    ChildProcess.run(
            Duration.ofMinutes(1), "cp", "--sparse=always", disk().toString(), copy.toString())
        .orFail();
    return copy;
  }

  private static Path disk() throws IOException {
    Path script;
    try {
      script =
          Path.of(
              Objects.requireNonNull(DebianGuest.class.getResource("/convert/make-guest.sh"))
                  .toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    int version = Files.readString(script).hashCode();
    Path cache = Files.createDirectories(root().resolve(".sendense/cache"));
    Path folder = cache.resolve("debian-nvme-guest-" + Integer.toHexString(version));
    Path disk = folder.resolve("disk.raw");
    if (!Files.exists(disk)) {
      if (!"root".equals(System.getProperty("user.name"))) {
        if ("true".equals(System.getenv("CI"))) {
          throw new AssertionError("CI=true, and this is not root, which making a Debian needs");
        }
        Assumptions.abort("making a Debian with the owners of its files needs root");
      }
      delete(folder);
      ChildProcess.run(MAKE_DEADLINE, "sh", script.toString(), folder.toString()).orFail();
    }
    return disk;
  }

  static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("sendense"))) {
      at = Objects.requireNonNull(at.getParent(), "this is not within the tree");
    }
    return at;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(one);
        }
      }
    }
  }
}
