package io.sendense.appliance.cli;

import io.sendense.repository.format.Sha256;
import io.sendense.repository.spi.ObjectHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Where the one serving process of a repository is found.
 *
 * @param socket it takes requests there: a line each, {@code serve ID}, {@code release ID} or
 *     {@code status}, answered by {@code ok ...} or {@code error CODE ...}
 * @param log what it says
 */
record InstantServerPlace(Path folder, Path socket, Path log) {
  static final int MAX_LINE_BYTES = 16_384;

  private static final int NAME_BYTES = 8;

  static InstantServerPlace of(Path state, String location) {
    byte[] text = location.getBytes(StandardCharsets.UTF_8);
    byte[] hash;
    try (ObjectHash sum = Sha256.begin()) {
      sum.update(text, 0, text.length);
      hash = sum.finish();
    }
    String name = HexFormat.of().formatHex(hash, 0, NAME_BYTES);
    Path folder = state.toAbsolutePath().resolve("instant");
    return new InstantServerPlace(
        folder, folder.resolve(name + ".sock"), folder.resolve(name + ".log"));
  }

  static String lock(String location) {
    return "serving of instant recoveries of " + location;
  }
}
