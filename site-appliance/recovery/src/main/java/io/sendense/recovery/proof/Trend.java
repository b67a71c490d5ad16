package io.sendense.recovery.proof;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * How the measured recovery time of a machine went over its former records. Only records whose
 * signature holds count, and only proofs that passed.
 *
 * @param earlier the former ones, oldest first, at most 100
 */
public record Trend(List<Measured> earlier) {
  private static final int MOST = 100;
  public static final String FILE = "proof.json";

  public Trend {
    earlier = List.copyOf(earlier);
  }

  /** One proof. */
  public record Measured(Instant startedAt, Duration recovery) {}

  /**
   * Reads the records in the folders of one machine.
   *
   * @param folder with a folder per proof; may be missing
   */
  public static Trend of(Path folder, PublicKey key) {
    List<Measured> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> proofs = Files.list(folder)) {
        // Their names begin with the time.
        List<Path> newest =
            proofs.sorted(Comparator.<Path>naturalOrder().reversed()).limit(MOST).toList();
        for (Path proof : newest) {
          read(proof.resolve(FILE), key).ifPresent(found::add);
        }
      } catch (IOException e) {
        return new Trend(List.of());
      }
    }
    found.sort(Comparator.comparing(Measured::startedAt));
    return new Trend(found);
  }

  /** Half of the earlier ones were faster; empty where there are none. */
  public Optional<Duration> median() {
    return earlier.stream().map(Measured::recovery).sorted().skip(earlier.size() / 2).findFirst();
  }

  private static Optional<Measured> read(Path file, PublicKey key) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > SignedProof.MAX_BYTES) {
        return Optional.empty();
      }
      JsonNode record = SignedProof.verify(Files.readAllBytes(file), key);
      if (!record.path("passed").asBoolean(false) || !record.has("recoveryMillis")) {
        return Optional.empty();
      }
      return Optional.of(
          new Measured(
              Instant.parse(record.path("startedAt").asString("")),
              Duration.ofMillis(record.path("recoveryMillis").asLong(0))));
    } catch (IOException | SendenseException | DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
