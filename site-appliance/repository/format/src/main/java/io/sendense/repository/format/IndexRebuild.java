package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Makes indexes again from the packs' own lists: for packs that points need and no effective index
 * names. All others are a collector's. Used once, by one thread.
 */
final class IndexRebuild {
  private final ObjectStore store;
  private final Environment environment;
  private final FormatObject format;
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final PointMarks marks;
  private final Cancellation cancellation;

  IndexRebuild(
      ObjectStore store,
      Environment environment,
      FormatObject format,
      BlobSource blobs,
      KnownBlobs known,
      PointMarks marks,
      Cancellation cancellation) {
    this.store = new CancellableStore(store, cancellation);
    this.environment = environment;
    this.format = format;
    this.blobs = blobs;
    this.known = known;
    this.marks = marks;
    this.cancellation = cancellation;
  }

  /** Returns how many packs were indexed that no effective index named. */
  int run() {
    UUID id = IndexPublisher.randomId(environment.random());
    ObjectName intent = IntentObject.name(id);
    Keys keys = blobs.codecs().keys();
    byte[] content =
        new IntentObject(id, format.settings().writerDeadline(), List.of())
            .encode(keys, IndexPublisher.salt(environment.random()));
    Instant now = store.put(intent, content).storedAt();
    IndexPublisher indexes =
        new IndexPublisher(
            LockedStore.of(store, format, format.generationOf(now)),
            keys,
            environment.random(),
            WriterSession.deadline(now, format));
    int added = 0;
    Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
    try (Survey survey =
        new Survey(store, format, blobs, known, marks, id, now, scratch, true, cancellation)) {
      survey.run(true, CollectProgress.NONE);
      PackTable packs = survey.packs();
      for (int pack = 0; pack < packs.count(); pack++) {
        if (packs.has(pack, PackTable.TO_COVER)) {
          indexes.add(PackList.record(store, keys, packs.id(pack), packs.length(pack)));
          added++;
        }
      }
      indexes.flush();
      // Last, so that a crash before leaves the points' indexes told as missing.
      List<UUID> lost = lost(survey.indexes());
      if (!lost.isEmpty()) {
        indexes.publishReplacing(lost);
      }
    }
    store.delete(intent);
    known.refresh();
    return added;
  }

  /** Indexes that points rely on and that were not replaced, and are not there or are damaged. */
  private List<UUID> lost(IndexSurvey indexes) {
    Set<UUID> lost = new TreeSet<>();
    Set<UUID> named = new HashSet<>();
    for (StoredObject point : store.list(PointObject.FOLDER)) {
      try {
        byte[] bytes = StoreReads.whole(store, point.name(), PointObject.BYTES_MAX);
        named.addAll(PointObject.indexes(point.name(), bytes));
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
      }
    }
    for (UUID index : named) {
      if (!indexes.isThere(index) && indexes.replacedAt(index).isEmpty()) {
        lost.add(index);
      }
    }
    indexes.damaged().stream()
        .flatMap(object -> IndexObject.idOf(object.name()).stream())
        .filter(index -> indexes.replacedAt(index).isEmpty())
        .forEach(lost::add);
    return List.copyOf(lost);
  }
}
