package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A writer's standing in the store: its intent, what crashed writers left for it, and the store's
 * time by which it must be done.
 */
final class WriterSession {
  private final ObjectStore store;
  private final Keys keys;
  private final Environment environment;
  private final FormatObject format;
  private final UUID writer;
  private final Instant begunAt;
  private final List<ObjectName> expiredIntents = new ArrayList<>();
  private boolean secondIntent;

  private WriterSession(
      ObjectStore store,
      Keys keys,
      Environment environment,
      FormatObject format,
      UUID writer,
      Instant begunAt) {
    this.store = store;
    this.keys = keys;
    this.environment = environment;
    this.format = format;
    this.writer = writer;
    this.begunAt = begunAt;
  }

  /** Publishes the intent. */
  static WriterSession begin(
      ObjectStore store,
      Keys keys,
      Environment environment,
      FormatObject format,
      List<UUID> indexes) {
    UUID writer = IndexPublisher.randomId(environment.random());
    byte[] intent =
        new IntentObject(writer, format.settings().writerDeadline(), indexes)
            .encode(keys, IndexPublisher.salt(environment.random()));
    StoredObject stored = store.put(IntentObject.name(writer), intent);
    return new WriterSession(store, keys, environment, format, writer, stored.storedAt());
  }

  UUID writer() {
    return writer;
  }

  int generation() {
    return format.generationOf(begunAt);
  }

  /**
   * Finds packs that no index names, by the intents of their writers, and notes those young enough
   * to outlive this writer.
   */
  void adopt(KnownBlobs known, OwnBlobs own) {
    Duration margin = format.settings().deletionAge().minus(format.settings().writerDeadline());
    for (StoredObject intent : store.list(IntentObject.FOLDER)) {
      Optional<UUID> other = IntentObject.writerOf(intent.name());
      if (other.isEmpty() || other.get().equals(writer)) {
        continue;
      }
      if (intent.storedAt().plus(format.settings().writerDeadline()).isBefore(begunAt)) {
        expiredIntents.add(intent.name());
      }
      String folder = PackId.folder(format.generationOf(intent.storedAt()), other.get());
      for (StoredObject pack : store.list(folder)) {
        PackId.of(pack.name())
            .filter(id -> !known.covers(id))
            .filter(id -> pack.storedAt().plus(margin).isAfter(begunAt))
            .ifPresent(id -> own.leftBehind(id, pack.lengthBytes()));
      }
    }
  }

  /**
   * Asks the store for the time and fails where the deadline has passed.
   *
   * @param lastStoredAt when the store took this writer's last index, if it has one
   */
  void checkDeadline(Optional<Instant> lastStoredAt) {
    Instant now = lastStoredAt.orElseGet(this::storeTime);
    if (isLate(now)) {
      throw late();
    }
  }

  /** The store's time by which it must have sealed. */
  Instant deadline() {
    return deadline(begunAt, format);
  }

  /** In whole seconds, as objects keep it. */
  static Instant deadline(Instant begunAt, FormatObject format) {
    return begunAt.plus(format.settings().writerDeadline()).truncatedTo(ChronoUnit.SECONDS);
  }

  boolean isLate(Instant storeTime) {
    return storeTime.isAfter(deadline());
  }

  SendenseException late() {
    return new SendenseException(
        ErrorCode.DEADLINE_EXCEEDED,
        "the point was not sealed within "
            + format.settings().writerDeadline().toHours()
            + " hours of its beginning, by the store's clock; no point was made",
        "Run the job again; what was stored is reused. If the host slept, let it stay awake.");
  }

  /** Removes the intent and those of others past their deadline. Failing here harms nothing. */
  void end() {
    List<ObjectName> done = new ArrayList<>(expiredIntents);
    done.add(IntentObject.name(writer));
    if (secondIntent) {
      done.add(IntentObject.secondName(writer));
    }
    for (ObjectName name : done) {
      try {
        store.delete(name);
      } catch (SendenseException e) {
        // The point is made; whoever seals next after the deadline removes the intent.
        return;
      }
    }
  }

  private Instant storeTime() {
    secondIntent = true;
    byte[] second =
        new IntentObject(writer, format.settings().writerDeadline(), List.of())
            .encode(keys, IndexPublisher.salt(environment.random()));
    return store.put(IntentObject.secondName(writer), second).storedAt();
  }
}
