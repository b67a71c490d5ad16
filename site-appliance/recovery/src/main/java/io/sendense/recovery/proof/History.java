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
 * The kept records of one machine whose signature holds.
 *
 * @param proofs the newest ones, oldest first
 * @param doubtful folders whose record is missing, unreadable, changed or signed by another key
 */
public record History(List<Kept> proofs, int doubtful) {
  public History {
    proofs = List.copyOf(proofs);
  }

  /**
   * One record.
   *
   * @param recovery from the start to the first sign of a running system
   * @param folder where the record lies
   */
  public record Kept(
      String vm,
      String point,
      Instant startedAt,
      boolean passed,
      Optional<Duration> recovery,
      Path folder) {}

  /**
   * Reads the records in the folders of one machine.
   *
   * @param folder with a folder per proof; may be missing
   * @param most the newest so many are read
   */
  public static History of(Path folder, PublicKey key, int most) {
    List<Kept> found = new ArrayList<>();
    int doubtful = 0;
    if (Files.isDirectory(folder)) {
      try (Stream<Path> proofs = Files.list(folder)) {
        // Their names begin with the time.
        List<Path> newest =
            proofs.sorted(Comparator.<Path>naturalOrder().reversed()).limit(most).toList();
        for (Path proof : newest) {
          Optional<Kept> kept = read(proof, key);
          kept.ifPresent(found::add);
          doubtful += kept.isPresent() ? 0 : 1;
        }
      } catch (IOException e) {
        return new History(List.of(), 1);
      }
    }
    found.sort(Comparator.comparing(Kept::startedAt));
    return new History(found, doubtful);
  }

  /** How the recovery time went: only proofs that passed count. */
  public Trend trend() {
    return new Trend(
        proofs.stream()
            .filter(Kept::passed)
            .flatMap(
                kept ->
                    kept
                        .recovery()
                        .map(time -> new Trend.Measured(kept.startedAt(), time))
                        .stream())
            .toList());
  }

  private static Optional<Kept> read(Path proof, PublicKey key) {
    Path file = proof.resolve(Trend.FILE);
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > SignedProof.MAX_BYTES) {
        return Optional.empty();
      }
      JsonNode record = SignedProof.verify(Files.readAllBytes(file), key);
      return Optional.of(
          new Kept(
              record.path("vm").asString(""),
              record.path("point").asString(""),
              Instant.parse(record.path("startedAt").asString("")),
              record.path("passed").asBoolean(false),
              record.has("recoveryMillis")
                  ? Optional.of(Duration.ofMillis(record.path("recoveryMillis").asLong(0)))
                  : Optional.empty(),
              proof));
    } catch (IOException | SendenseException | DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
