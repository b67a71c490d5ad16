package io.sendense.repository.format;

import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * One collection, docs/formats/repository.md 12, which argues why it needs no lock. Used once, by
 * one thread.
 */
final class Collector {
  private static final int KEPT_MAX = 1000;

  private final ObjectStore store;
  private final Environment environment;
  private final FormatObject format;
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final PointMarks marks;
  private final CollectOptions options;
  private final Cancellation cancellation;
  private final CollectProgress progress;
  private final UUID id;
  private final List<CollectReport.Kept> kept = new ArrayList<>();
  private final Set<Integer> deletedPacks = new HashSet<>();
  private CollectReport.Count deleted = CollectReport.Count.NONE;
  private CollectReport.Count condemned = CollectReport.Count.NONE;
  private CollectReport.Count rewritten = CollectReport.Count.NONE;
  private long pointsRemoved;
  private long covered;
  private long objectsDeleted;
  private long bytesWanted;

  Collector(
      ObjectStore store,
      Environment environment,
      FormatObject format,
      BlobSource blobs,
      KnownBlobs known,
      PointMarks marks,
      CollectOptions options,
      Cancellation cancellation,
      CollectProgress progress) {
    this.store = new CancellableStore(store, cancellation);
    this.environment = environment;
    this.format = format;
    this.blobs = blobs;
    this.known = known;
    this.marks = marks;
    this.options = options;
    this.cancellation = cancellation;
    this.progress = progress;
    id = newId(environment.random());
  }

  /** An id by which its packs are known as a collector's, so that what it moved is found first. */
  static UUID newId(SecureRandom random) {
    UUID any = IndexPublisher.randomId(random);
    return new UUID(any.getMostSignificantBits() & 0xffff_ffffL, any.getLeastSignificantBits());
  }

  static boolean isCollectors(UUID writer) {
    return writer.getMostSignificantBits() >>> 32 == 0;
  }

  CollectReport run() {
    byte[] intent =
        new IntentObject(id, format.settings().writerDeadline(), List.of())
            .encode(blobs.codecs().keys(), IndexPublisher.salt(environment.random()));
    Instant now = store.put(IntentObject.name(id), intent).storedAt();
    try (Survey survey =
        new Survey(
            store, format, blobs, known, marks, id, now, options.scratch(), false, cancellation)) {
      refuseDamage(survey.indexes());
      survey.run(false, progress);
      removePoints(survey);
      new Condemnation(this, survey, now).run();
      deletePacks(survey, now);
      deleteIndexes(survey, now);
      deleteLeftovers(survey);
      store.delete(IntentObject.name(id));
      return new CollectReport(
          now,
          pointsRemoved,
          deleted,
          condemned,
          rewritten,
          covered,
          objectsDeleted,
          bytesWanted,
          kept);
    }
  }

  ObjectStore store() {
    return store;
  }

  /** For what is put to stay: with its lock where the repository locks. */
  ObjectStore lockedStore(Instant now) {
    return LockedStore.of(store, format, format.generationOf(now));
  }

  Environment environment() {
    return environment;
  }

  FormatObject format() {
    return format;
  }

  BlobSource blobs() {
    return blobs;
  }

  CollectProgress progress() {
    return progress;
  }

  PointMarks marks() {
    return marks;
  }

  CollectOptions options() {
    return options;
  }

  UUID id() {
    return id;
  }

  void countCondemned(long bytes) {
    condemned = condemned.plus(bytes);
  }

  void countRewritten(long bytesCopied) {
    rewritten = rewritten.plus(bytesCopied);
  }

  void countCovered() {
    covered++;
  }

  void countWanted(long bytes) {
    bytesWanted += bytes;
  }

  /** A damaged index may name what a writer still unseen relies on. */
  private void refuseDamage(IndexSurvey indexes) {
    for (StoredObject index : indexes.damaged()) {
      if (IndexObject.idOf(index.name()).flatMap(indexes::replacedAt).isEmpty()) {
        store.delete(IntentObject.name(id));
        throw Damage.of(
            index.name().value(),
            "what it names is not known, so nothing was collected; rebuilding the indexes makes another"
                + " in its place");
      }
    }
  }

  private void removePoints(Survey survey) {
    survey.points().locked().forEach(this::keep);
    for (PointSurvey.Removable point : survey.points().removable()) {
      // The mark stays a deletion age longer: while it is there nobody brings the point back by a
      // copy, which another collector, that slept, would then remove.
      if (marks.isDeleted(point.id())) {
        pointsRemoved++;
        if (!options.dryRun()) {
          store.delete(point.object().name());
        }
      }
    }
  }

  private void deletePacks(Survey survey, Instant now) {
    PackTable packs = survey.packs();
    List<Integer> dead = packs.dead(survey.oldBefore());
    long bytes = dead.stream().mapToLong(packs::length).sum();
    CollectProgress.Meter meter =
        new CollectProgress.Meter(progress, CollectProgress.Stage.DELETE, bytes);
    for (int pack : dead) {
      if (delete(packs.id(pack).objectName(), packs.length(pack), now)) {
        deleted = deleted.plus(packs.length(pack));
        deletedPacks.add(pack);
      }
      meter.add(packs.length(pack));
    }
  }

  /** Replaced indexes of which every pack is covered by others or gone, and late ones. */
  private void deleteIndexes(Survey survey, Instant now) {
    IndexSurvey indexes = survey.indexes();
    for (IndexSurvey.Index index : indexes.replaced()) {
      Instant at = indexes.replacedAt(index.id()).orElseThrow();
      if (at.isBefore(survey.oldBefore()) && !namesUncovered(survey, index)) {
        deleteSmall(index.object(), now);
      }
    }
    for (IndexSurvey.Index index : indexes.late()) {
      deleteIfOld(index.object(), survey, now);
    }
    for (StoredObject index : indexes.damaged()) {
      boolean longReplaced =
          IndexObject.idOf(index.name())
              .flatMap(indexes::replacedAt)
              .filter(at -> at.isBefore(survey.oldBefore()))
              .isPresent();
      if (longReplaced) {
        deleteSmall(index, now);
      }
    }
  }

  private boolean namesUncovered(Survey survey, IndexSurvey.Index index) {
    boolean[] found = new boolean[1];
    survey
        .indexes()
        .read(
            index,
            pack -> {
              int ordinal = survey.packs().find(pack.id());
              found[0] |=
                  ordinal >= 0
                      && !survey.packs().has(ordinal, PackTable.COVERED)
                      && !deletedPacks.contains(ordinal);
            });
    return found[0];
  }

  private void deleteLeftovers(Survey survey) {
    for (StoredObject note : store.list(LockNote.FOLDER)) {
      boolean over =
          LockNote.generationOf(note.name())
              .flatMap(format::lockOf)
              .filter(lock -> lock.until().isBefore(survey.oldBefore()))
              .isPresent();
      if (over) {
        deleteSmall(note, Instant.MAX);
      }
    }
    for (StoredObject intent : store.list(IntentObject.FOLDER)) {
      if (IntentObject.writerOf(intent.name()).isPresent()) {
        deleteIfOld(intent, survey, Instant.MAX);
      }
    }
    for (StoredObject mark : survey.markObjects()) {
      if (PointMark.Kind.DELETED
          .pointOf(mark.name())
          .filter(point -> !survey.points().isThere(point))
          .isPresent()) {
        boolean twiceOld =
            mark.storedAt().isBefore(survey.oldBefore().minus(format.settings().deletionAge()));
        if (twiceOld) {
          deleteSmall(mark, Instant.MAX);
        }
      }
    }
  }

  private void deleteIfOld(StoredObject object, Survey survey, Instant now) {
    if (object.storedAt().isBefore(survey.oldBefore())) {
      deleteSmall(object, now);
    }
  }

  private void deleteSmall(StoredObject object, Instant now) {
    if (delete(object.name(), object.lengthBytes(), now)) {
      objectsDeleted++;
    }
  }

  /** Deletes what no lock keeps; what one keeps is noted and not touched. */
  private boolean delete(ObjectName name, long bytes, Instant now) {
    LockState state = now.equals(Instant.MAX) ? LockState.FREE : marks.lockState(name);
    if (state.refusesDeletion(now)) {
      keep(CollectReport.Kept.of(name, bytes, state));
      return false;
    }
    if (!options.dryRun()) {
      store.delete(name);
    }
    return true;
  }

  private void keep(CollectReport.Kept what) {
    if (kept.size() < KEPT_MAX) {
      kept.add(what);
    }
  }
}
