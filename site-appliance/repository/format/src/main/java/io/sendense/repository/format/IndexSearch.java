package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads indexes one by one: slow, for a blob that moved where the tables are too small for all. */
final class IndexSearch {
  private IndexSearch() {}

  /**
   * The first place that one of the indexes names and that is in no pack recorded as damaged.
   *
   * @throws SendenseException the store's own failures; an index that is damaged or gone is passed
   *     over
   */
  static KnownBlobs.@Nullable Hit find(
      ObjectStore store, Keys keys, DamageMarks marks, Collection<UUID> indexes, byte[] blob) {
    for (UUID id : indexes) {
      ObjectName name = IndexObject.name(id);
      try {
        byte[] bytes = StoreReads.whole(store, name, IndexObject.BYTES_MAX);
        for (PackRecord pack : IndexObject.decode(name, bytes, Optional.of(keys)).packs()) {
          if (marks.has(pack.id())) {
            continue;
          }
          for (PackEntry entry : pack.entries()) {
            if (entry.ref().hasId(blob)) {
              return new KnownBlobs.Hit(entry.ref().at(), id);
            }
          }
        }
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
      }
    }
    return null;
  }
}
