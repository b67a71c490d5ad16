package io.sendense.recovery.registry;

import io.sendense.recovery.fs.InlineContent;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/** The peer: hives as hivex fills and reads them. */
public final class Hivex {
  private static final Duration DEADLINE = Duration.ofMinutes(1);
  static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");

  private Hivex() {}

  /**
   * Fills a hive from the text of a .reg file whose keys have no prefix.
   *
   * @param keys what follows the file's first line
   */
  public static void merge(Path hive, String keys) {
    try {
      Path text = hive.resolveSibling(hive.getFileName() + ".reg");
      Files.writeString(text, "Windows Registry Editor Version 5.00\n\n" + withParents(keys));
      ChildProcess.run(
              DEADLINE,
              Peers.require("hivexregedit").toString(),
              "--merge",
              hive.toString(),
              text.toString())
          .orFail();
      Files.delete(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** hivex makes no key whose parent is missing. */
  private static String withParents(String keys) {
    StringBuilder all = new StringBuilder();
    for (String line : keys.split("\n", -1)) {
      if (line.startsWith("[\\")) {
        for (int at = line.indexOf('\\', 2); at > 0; at = line.indexOf('\\', at + 1)) {
          all.append(line, 0, at).append("]\n\n");
        }
      }
      all.append(line).append('\n');
    }
    return all.toString();
  }

  /** All below a key as the text of a .reg file. */
  public static String export(Path hive, String key) {
    return ChildProcess.run(
            DEADLINE, Peers.require("hivexregedit").toString(), "--export", hive.toString(), key)
        .orFail()
        .stdout();
  }

  static Hive open(Path hive) throws IOException {
    return Hive.open(
        new InlineContent(Files.readAllBytes(hive)), hive.getFileName().toString(), NOW);
  }

  /** Puts an opened hive's changes into its file. */
  static void write(Hive hive, Path file) throws IOException {
    Path copy = file.resolveSibling("changed");
    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
    try (var channel =
        java.nio.channels.FileChannel.open(copy, java.nio.file.StandardOpenOption.WRITE)) {
      for (Patch patch : hive.finish()) {
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(patch.bytes());
        long at = patch.offset();
        while (bytes.hasRemaining()) {
          at += channel.write(bytes, at);
        }
      }
    }
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
  }
}
