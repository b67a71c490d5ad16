package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What is in a repository and what of it points need, as docs/formats/repository.md 12 says. Used
 * once, by one thread.
 */
final class Survey implements AutoCloseable {
  /** A store's clock may step back by a second and keep whole seconds only. */
  static final Duration SLACK = Duration.ofMinutes(1);

  private static final int NEED_BYTES = Spill.ID_BYTES + 1;
  private static final int BLOB_BYTES = Spill.ID_BYTES + 4 + 4;

  private final ObjectStore store;
  private final FormatObject format;
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final PointMarks marks;
  private final Instant begunAt;
  private final boolean lenient;
  private final Cancellation cancellation;
  private final PackTable packs = new PackTable();
  private final Spill needs;
  private final Spill places;
  private final PointSurvey points;
  private final List<StoredObject> markObjects = new ArrayList<>();
  private final List<VerifyReport.Finding> damagedMarks = new ArrayList<>();
  private IndexSurvey indexes;

  /**
   * @param begunAt the store's time of the intent of whoever surveys
   * @param scratch a folder that is there
   * @param lenient pass over points that cannot be read, but over no pack whose list is needed, for
   *     making indexes again
   */
  Survey(
      ObjectStore store,
      FormatObject format,
      BlobSource blobs,
      KnownBlobs known,
      PointMarks marks,
      UUID id,
      Instant begunAt,
      Path scratch,
      boolean lenient,
      Cancellation cancellation) {
    this.store = store;
    this.format = format;
    this.blobs = blobs;
    this.known = known;
    this.marks = marks;
    this.begunAt = begunAt;
    this.lenient = lenient;
    this.cancellation = cancellation;
    cancellation.check();
    needs = new Spill(scratch, PackId.hex(id) + "-needs", NEED_BYTES);
    places = new Spill(scratch, PackId.hex(id) + "-places", BLOB_BYTES);
    points = new PointSurvey(blobs, lenient);
    Map<PointId, Instant> deleted = marks.list(PointMark.Kind.DELETED, damagedMarks);
    Set<PointId> held = marks.held();
    store.list(PointMark.Kind.DELETED.folder(), markObjects::add);
    known.refresh();
    indexes = new IndexSurvey(store, blobs.codecs().keys());
    points.read(store, marks, deleted, held, oldBefore(), begunAt);
    store.list(
        PackId.FOLDER,
        object -> PackId.of(object.name()).ifPresent(pack -> packs.add(pack, object)));
  }

  /** What is older than this may go. */
  Instant oldBefore() {
    return begunAt.minus(format.settings().deletionAge()).minus(SLACK);
  }

  PackTable packs() {
    return packs;
  }

  IndexSurvey indexes() {
    return indexes;
  }

  PointSurvey points() {
    return points;
  }

  List<StoredObject> markObjects() {
    return markObjects;
  }

  /**
   * Lays down what indexes and packs list, walks the trees and brings both together.
   *
   * @param youngToo read the lists also of young packs that no index names
   */
  void run(boolean youngToo, CollectProgress progress) {
    listCovered();
    listUncovered(youngToo);
    points.walk(
        (id, wanted) -> {
          cancellation.check();
          needs.next(id).put((byte) (wanted ? 1 : 0));
        },
        progress);
    for (int part = 0; part < Spill.PARTS; part++) {
      cancellation.check();
      join(part);
    }
    // Reading a large repository takes long; what is older than a writer may be is not trusted.
    if (marks.storeTime().isAfter(WriterSession.deadline(begunAt, format))) {
      throw tooSlow();
    }
  }

  /** The first 16 bytes of the ids of the blobs that are wanted from each of some packs. */
  Map<Integer, Set<ByteBuffer>> wantedIn(Set<Integer> some) {
    Map<Integer, Set<ByteBuffer>> found = new java.util.HashMap<>();
    for (int part = 0; part < Spill.PARTS; part++) {
      NeedTable table = needTable(part);
      places.forEach(
          part,
          record -> {
            byte[] id = new byte[Spill.ID_BYTES];
            record.get(id);
            int pack = record.getInt();
            int need = table.find(ByteBuffer.wrap(id));
            if (some.contains(pack) && table.isWantedFrom(need, pack)) {
              found.computeIfAbsent(pack, key -> new HashSet<>()).add(ByteBuffer.wrap(id));
            }
          });
    }
    return found;
  }

  @Override
  public void close() {
    try (needs) {
      places.close();
    }
  }

  SendenseException tooSlow() {
    return new SendenseException(
        ErrorCode.DEADLINE_EXCEEDED,
        "the run took longer than "
            + format.settings().writerDeadline().toMinutes()
            + " minutes by the store's clock; nothing was deleted after that",
        "Run it again. If the host slept, let it stay awake.");
  }

  private void listCovered() {
    for (IndexSurvey.Index index : indexes.effective()) {
      indexes.read(index, pack -> list(pack, PackTable.COVERED));
    }
    for (IndexSurvey.Index index : indexes.replaced()) {
      Instant at = indexes.replacedAt(index.id()).orElseThrow();
      indexes.read(
          index,
          pack -> {
            list(pack, 0);
            int ordinal = packs.find(pack.id());
            if (ordinal >= 0) {
              packs.uncoveredAt(ordinal, at);
            }
          });
    }
  }

  private void list(PackRecord pack, int flag) {
    int ordinal = packs.find(pack.id());
    if (ordinal < 0) {
      return;
    }
    if (!isDamaged(ordinal)) {
      packs.set(ordinal, flag);
    } else if (flag == PackTable.COVERED) {
      packs.set(ordinal, PackTable.NAMED);
    }
    list(ordinal, pack.entries());
  }

  /** Of such a pack nothing is wanted that is elsewhere too, and what is nowhere else keeps it. */
  private boolean isDamaged(int ordinal) {
    if (known.isDamaged(packs.id(ordinal))) {
      packs.set(ordinal, PackTable.DAMAGED);
    }
    return packs.has(ordinal, PackTable.DAMAGED);
  }

  private void list(int ordinal, List<PackEntry> entries) {
    if (packs.has(ordinal, PackTable.LISTED)) {
      return;
    }
    packs.set(ordinal, PackTable.LISTED);
    for (PackEntry entry : entries) {
      packs.addBlob(ordinal, entry.ref().at().sealedBytes());
      places.next(entry.ref().id()).putInt(ordinal).putInt(entry.ref().at().sealedBytes());
    }
  }

  private void listUncovered(boolean youngToo) {
    for (int pack = 0; pack < packs.count(); pack++) {
      if (packs.has(pack, PackTable.LISTED) || !(youngToo || packs.isOld(pack, oldBefore()))) {
        continue;
      }
      try {
        PackId id = packs.id(pack);
        List<PackEntry> entries =
            PackList.read(store, blobs.codecs().keys(), id, packs.length(pack));
        isDamaged(pack);
        list(pack, entries);
        known.learn(id, entries);
      } catch (SendenseException e) {
        // What lies in an archive and nobody names stays until it can be looked into.
        boolean archived = e.code() == ErrorCode.STORE_ARCHIVED && !lenient;
        if (!Damage.isContent(e) && !archived) {
          throw e;
        }
        packs.set(pack, PackTable.UNREADABLE);
      }
    }
  }

  private void join(int part) {
    NeedTable table = needTable(part);
    places.forEach(
        part,
        record -> {
          int need = table.find(id(record));
          int pack = record.getInt();
          if (need < 0) {
            return;
          }
          if (packs.has(pack, PackTable.COVERED)) {
            packs.addWanted(pack, table.isWantedFrom(need, pack) ? record.getInt() : 0);
          } else if (!table.isCovered(need)) {
            packs.set(pack, PackTable.KEPT);
            if (table.isWantedFrom(need, pack)) {
              packs.set(pack, PackTable.TO_COVER);
              packs.addWanted(pack, record.getInt());
            }
          }
        });
  }

  /** What is needed of a part, and from which pack each should come. */
  private NeedTable needTable(int part) {
    NeedTable table = new NeedTable(needs.count(part));
    needs.forEach(part, record -> table.need(id(record), record.get() == 1));
    places.forEach(
        part,
        record -> {
          int need = table.find(id(record));
          int pack = record.getInt();
          if (need >= 0 && !packs.has(pack, PackTable.DAMAGED)) {
            table.offer(need, pack, packs.has(pack, PackTable.COVERED));
          }
        });
    return table;
  }

  private static ByteBuffer id(ByteBuffer record) {
    ByteBuffer id = record.slice(record.position(), Spill.ID_BYTES);
    record.position(record.position() + Spill.ID_BYTES);
    return id;
  }
}
