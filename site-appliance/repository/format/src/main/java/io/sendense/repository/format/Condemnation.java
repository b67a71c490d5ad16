package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The part of a collection that makes packs unfindable: copies what is wanted of mostly dead ones,
 * and publishes an index that leaves them and the dead ones out. Used once, by one thread.
 */
final class Condemnation {
  /** So many small indexes are made one. */
  private static final int SMALL_INDEXES = 16;

  private static final int SMALL_PACKS = IndexObject.PACKS_MAX / 8;

  private final Collector collector;
  private final Survey survey;
  private final PackTable packs;
  private final Instant now;
  private final ReadablePacks readable;
  private final Set<Integer> toRewrite = new TreeSet<>();
  private final Set<Integer> toCover = new TreeSet<>();
  private long toCopy;

  Condemnation(Collector collector, Survey survey, Instant now) {
    this.collector = collector;
    this.survey = survey;
    this.now = now;
    packs = survey.packs();
    readable = new ReadablePacks(collector.store());
  }

  void run() {
    choose();
    List<IndexSurvey.Index> replaced = replacedIndexes();
    if (collector.options().dryRun() || (replaced.isEmpty() && toCover.isEmpty())) {
      return;
    }
    IndexPublisher publisher =
        new IndexPublisher(
            collector.lockedStore(now),
            collector.blobs().codecs().keys(),
            collector.environment().random(),
            WriterSession.deadline(now, collector.format()));
    if (!toRewrite.isEmpty()) {
      new PackRewriter(collector, survey, publisher, now, toCopy).run(toRewrite);
    }
    Set<PackId> archived = new HashSet<>();
    toCover.forEach(pack -> cover(pack, publisher, archived));
    coverArchived(archived, publisher);
    for (IndexSurvey.Index index : replaced) {
      survey.indexes().read(index, pack -> carry(pack, publisher));
    }
    // Last: a crash before leaves the old ones standing, and packs that are named twice.
    publisher.publishReplacing(names(replaced));
    if (publisher
        .lastStoredAt()
        .filter(WriterSession.deadline(now, collector.format())::isBefore)
        .isPresent()) {
      throw survey.tooSlow();
    }
  }

  private void choose() {
    for (int pack = 0; pack < packs.count(); pack++) {
      int wanted = packs.wanted(pack);
      collector.countWanted(wanted);
      if (packs.has(pack, PackTable.TO_COVER)) {
        toCover.add(pack);
        collector.countCovered();
      }
      boolean named =
          packs.has(pack, PackTable.COVERED)
              || (packs.has(pack, PackTable.NAMED) && !packs.has(pack, PackTable.KEPT));
      if (!named || !packs.isOld(pack, survey.oldBefore())) {
        continue;
      }
      if (wanted == 0) {
        packs.set(pack, PackTable.CONDEMNED);
        collector.countCondemned(packs.length(pack));
      } else if ((long) wanted * 100 < (long) packs.blobs(pack) * wantedPercent()
          && toCopy + wanted <= collector.options().rewriteBytesMax()
          && isFree(pack)) {
        toCopy += wanted;
        toRewrite.add(pack);
        packs.set(pack, PackTable.CONDEMNED);
        collector.countRewritten(wanted);
      }
    }
  }

  private int wantedPercent() {
    return collector.options().wantedPercent();
  }

  /**
   * A locked pack stays anyway; copying its rest would only cost space. One in an archive cannot be
   * read, and lies cheaply: it goes when nothing of it is wanted.
   */
  private boolean isFree(int pack) {
    LockState state = collector.marks().lockState(packs.id(pack).objectName());
    return !state.refusesDeletion(now) && readable.has(packs.id(pack));
  }

  private List<IndexSurvey.Index> replacedIndexes() {
    List<IndexSurvey.Index> effective = survey.indexes().effective();
    List<IndexSurvey.Index> small =
        effective.stream().filter(index -> index.packs() < SMALL_PACKS).toList();
    Set<UUID> merged = new HashSet<>();
    if (small.size() >= SMALL_INDEXES) {
      small.forEach(index -> merged.add(index.id()));
    }
    List<IndexSurvey.Index> replaced = new ArrayList<>();
    for (IndexSurvey.Index index : effective) {
      if (merged.contains(index.id()) || namesCondemned(index)) {
        replaced.add(index);
      }
    }
    return replaced;
  }

  private boolean namesCondemned(IndexSurvey.Index index) {
    boolean[] found = new boolean[1];
    survey.indexes().read(index, pack -> found[0] |= isCondemned(pack.id()));
    return found[0];
  }

  private boolean isCondemned(PackId pack) {
    int ordinal = packs.find(pack);
    return ordinal >= 0 && packs.has(ordinal, PackTable.CONDEMNED);
  }

  private void carry(PackRecord pack, IndexPublisher publisher) {
    if (!isCondemned(pack.id())) {
      publisher.add(pack);
    }
  }

  private void cover(int pack, IndexPublisher publisher, Set<PackId> archived) {
    try {
      publisher.add(PackList.record(collector.store(), keys(), packs.id(pack), packs.length(pack)));
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.STORE_ARCHIVED) {
        archived.add(packs.id(pack));
        return;
      }
      if (!Damage.isContent(e)) {
        throw e;
      }
      // Damaged since it was surveyed: verify tells what it costs.
    }
  }

  /** What cannot be read now is covered by what an index said of it before it was replaced. */
  private void coverArchived(Set<PackId> archived, IndexPublisher publisher) {
    for (IndexSurvey.Index index :
        archived.isEmpty() ? List.<IndexSurvey.Index>of() : survey.indexes().replaced()) {
      survey
          .indexes()
          .read(
              index,
              pack -> {
                if (archived.remove(pack.id())) {
                  publisher.add(pack);
                }
              });
    }
  }

  /** The replaced ones, and what they had replaced as long as somebody may ask for it. */
  private List<UUID> names(List<IndexSurvey.Index> replaced) {
    Set<UUID> names = new TreeSet<>();
    for (IndexSurvey.Index index : replaced) {
      names.add(index.id());
      boolean young = !index.object().storedAt().isBefore(survey.oldBefore());
      for (UUID old : index.replaces()) {
        boolean asked =
            young || survey.indexes().isThere(old) || survey.points().namedIndexes().contains(old);
        if (asked) {
          names.add(old);
        }
      }
    }
    return List.copyOf(names);
  }

  private Keys keys() {
    return collector.blobs().codecs().keys();
  }
}
