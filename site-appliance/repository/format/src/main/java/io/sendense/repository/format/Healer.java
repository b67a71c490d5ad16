package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoreFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stores again what points need of packs recorded as damaged. Walks every tree from its top: a blob
 * that lies in such a pack and nowhere else is read where it still can be, else taken from the copy
 * by its id, which is the same in all repositories of a tenant. A node is stored with its
 * children's places as they are here now. Used once, by one thread.
 */
final class Healer {
  private final SealedRepository repository;
  private final Optional<SealedRepository> copy;
  private final VerifyReport.Progress progress;
  private final BlobSource blobs;
  private final Findings lost = new Findings();

  /** Nodes below which all is well now, and where blobs stored again lie. */
  private final Set<Ref> whole = new HashSet<>();

  private final Map<Ref, Location> stored = new HashMap<>();
  private @Nullable HealWriter writer;
  private long chunks;
  private long nodes;
  private long fromCopy;
  private long walked;

  Healer(
      SealedRepository repository,
      Optional<SealedRepository> copy,
      VerifyReport.Progress progress) {
    this.repository = repository;
    this.copy = copy;
    this.progress = progress;
    blobs = repository.blobs();
  }

  HealReport run() {
    List<PointId> points = bringPoints();
    long bytes = 0;
    if (!repository.damage().isEmpty()) {
      try (HealWriter open = new HealWriter(repository)) {
        writer = open;
        for (RestorePoint point : repository.points()) {
          heal(point.id());
        }
        open.lockStandIns();
        bytes = open.finish();
      } finally {
        writer = null;
      }
      repository.known().refresh();
    }
    return new HealReport(
        repository.damage().size(), chunks, nodes, fromCopy, points, bytes, lost.list());
  }

  /** A damaged point is of no use to anybody: the copy's takes its name. */
  private List<PointId> bringPoints() {
    List<PointId> brought = new ArrayList<>();
    for (VerifyReport.Finding finding : repository.catalogue(true).damaged()) {
      Optional<PointId> id = finding.point();
      if (id.isEmpty() || copy.filter(other -> other.has(id.get())).isEmpty()) {
        lost.add(finding);
        continue;
      }
      repository.store().delete(PointObject.name(id.get()));
      PointCopy again = repository.copyFrom(copy.get(), id.get());
      again.run(again.original().annotations(), 1, 0, bytes -> {}, VerifyReport.Progress.NONE);
      brought.add(id.get());
    }
    return brought;
  }

  private void heal(PointId id) {
    PointObject point;
    try {
      point = repository.load(id);
    } catch (SendenseException e) {
      // Deleted since it was listed.
      return;
    }
    for (int i = 0; i < point.point().disks().size(); i++) {
      PointDisk disk = point.point().disks().get(i);
      Optional<Ref> top = point.tops().get(i);
      if (top.isPresent()) {
        new Walk(id, disk).node(top.get(), TreeReader.height(disk.chunks()) - 1, 0);
      }
    }
  }

  /** Where a chunk lies that can be relied on; null where nowhere. */
  private @Nullable Location chunkPlace(Ref ref, boolean foreign) {
    if (!foreign && !repository.known().isLeft(ref)) {
      return ref.at();
    }
    KnownBlobs.@Nullable Hit hit = repository.known().findLoading(ref.id(), ref.at().rawBytes());
    return hit != null ? hit.at() : stored.get(ref);
  }

  private @Nullable Location nodePlace(Ref ref, boolean foreign) {
    if (!foreign && !repository.known().isLeft(ref)) {
      return ref.at();
    }
    return blobs.nodeElsewhere(ref).orElse(null);
  }

  private final class Walk {
    private final PointId point;
    private final PointDisk disk;

    Walk(PointId point, PointDisk disk) {
      this.point = point;
      this.disk = disk;
    }

    /** Returns where the node lies afterwards; null where it or something below it is lost. */
    @Nullable Location node(Ref ref, int level, long index) {
      return node(ref, level, index, false);
    }

    /**
     * @param foreign whether the place is one of the copy's
     */
    private @Nullable Location node(Ref ref, int level, long index, boolean foreign) {
      @Nullable Location mine = stored.get(ref);
      if (mine != null) {
        return whole.contains(ref) ? mine : null;
      }
      @Nullable Location here = nodePlace(ref, foreign);
      if (here != null && whole.contains(ref)) {
        return here;
      }
      progress.at(++walked, walked);
      boolean fromOther = here == null && foreign;
      Node node;
      try {
        node =
            fromOther
                ? other(ref).orElseThrow(() -> lostNode(ref))
                : blobs.uncachedNode(here == null ? ref : new Ref(ref.id(), here));
      } catch (SendenseException e) {
        Optional<Node> other = Damage.isContent(e) ? other(ref) : Optional.empty();
        if (other.isEmpty()) {
          miss(ref, e, index, level + 1);
          return null;
        }
        node = other.get();
        fromOther = true;
        here = null;
      }
      @Nullable Ref[] children = new @Nullable Ref[Node.FANOUT];
      boolean all = true;
      for (int i = 0; i < Node.FANOUT; i++) {
        @Nullable Ref child = node.child(i);
        if (child != null) {
          long at = (index << Node.FANOUT_BITS) + i;
          @Nullable Location now =
              level > 0 ? node(child, level - 1, at, fromOther) : chunk(child, at, fromOther);
          children[i] = new Ref(child.id(), now == null ? child.at() : now);
          all &= now != null;
        }
      }
      if (here == null && (all || !fromOther)) {
        here = storeNode(ref, Node.of(level, children), fromOther);
      } else if (here == null) {
        miss(ref, lostNode(ref), index, level + 1);
      }
      if (!all) {
        return null;
      }
      whole.add(ref);
      return here;
    }

    private @Nullable Location chunk(Ref ref, long index, boolean foreign) {
      @Nullable Location here = chunkPlace(ref, foreign);
      if (here != null) {
        return here;
      }
      BlobCodec codec = blobs.codecs().borrow();
      try {
        byte[] raw = new byte[ref.at().rawBytes()];
        boolean fromOther = foreign || !read(blobs, codec, ref, raw);
        if (fromOther && !readThere(codec, ref, raw)) {
          miss(
              ref,
              StoreFailure.missing(repository.store().describe(), ref.at().pack().objectName()),
              index,
              0);
          return null;
        }
        chunks++;
        fromCopy += fromOther ? 1 : 0;
        return keep(ref, BlobCodec.CHUNK, raw);
      } finally {
        blobs.codecs().giveBack(codec);
      }
    }

    private void miss(Ref ref, SendenseException why, long index, int levels) {
      if (!Damage.isContent(why)) {
        throw why;
      }
      long from = (index << (Node.FANOUT_BITS * levels)) * disk.chunkBytes();
      long reach = (long) disk.chunkBytes() << (Node.FANOUT_BITS * levels);
      long to = reach <= 0 ? disk.sizeBytes() : Math.min(disk.sizeBytes(), from + reach);
      lost.add(
          new VerifyReport.Finding(
              Findings.kind(why),
              ref.at().pack().objectName().value(),
              Optional.of(point),
              Optional.of(disk.name()),
              to > from ? Optional.of(new BlockRange(from, to - from)) : Optional.empty(),
              String.valueOf(why.getMessage())));
    }
  }

  private static SendenseException lostNode(Ref ref) {
    return Damage.of(ref.at().pack().objectName().value(), "a tree node in it is lost");
  }

  private Location storeNode(Ref ref, Node node, boolean fromOther) {
    nodes++;
    fromCopy += fromOther ? 1 : 0;
    return keep(ref, BlobCodec.NODE, node.encode());
  }

  private Location keep(Ref ref, int kind, byte[] raw) {
    Location at = Objects.requireNonNull(writer).store(kind, ref.id(), raw);
    stored.put(ref, at);
    return at;
  }

  private boolean readThere(BlobCodec mine, Ref ref, byte[] raw) {
    Optional<Ref> there = copy.flatMap(other -> there(other, ref));
    if (there.isEmpty()) {
      return false;
    }
    BlobSource source = copy.get().blobs();
    BlobCodec codec = source.codecs().borrow();
    byte[] id = new byte[Ref.ID_BYTES];
    try {
      if (!read(source, codec, there.get(), raw)) {
        return false;
      }
    } finally {
      source.codecs().giveBack(codec);
    }
    mine.chunkId(raw, 0, raw.length, id);
    return ref.hasId(id);
  }

  private static boolean read(BlobSource source, BlobCodec codec, Ref ref, byte[] raw) {
    try {
      source.chunk(codec, ref, raw, 0);
      return true;
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      return false;
    }
  }

  private Optional<Node> other(Ref ref) {
    try {
      Optional<BlobSource> there = copy.map(SealedRepository::blobs);
      return there
          .flatMap(source -> source.nodeElsewhere(ref))
          .map(at -> there.get().uncachedNode(new Ref(ref.id(), at)));
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** The same blob as the copy's indexes know it. */
  private static Optional<Ref> there(SealedRepository other, Ref ref) {
    KnownBlobs.@Nullable Hit hit = other.known().findLoading(ref.id(), ref.at().rawBytes());
    return Optional.ofNullable(hit).map(found -> new Ref(ref.id(), found.at()));
  }
}
