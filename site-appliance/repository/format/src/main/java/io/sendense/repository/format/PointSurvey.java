package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The points of a listing: wanted, fading or to be removed. Not thread-safe. */
final class PointSurvey {
  /** A disk of a point: all that is kept of it. */
  private record Tree(
      PointId point, long sequence, long chunks, int chunkBytes, int height, Ref top) {
    /** Bytes of the disk that lie below a node, as whole chunks. */
    long bytes(int level, long index) {
      int bits = Node.FANOUT_BITS * (level + 1);
      long from = Math.min(chunks, index << bits);
      return (Math.min(chunks, from + (1L << bits)) - from) * chunkBytes;
    }
  }

  /** A point whose objects may go now. */
  record Removable(StoredObject object, PointId id) {}

  private final BlobSource blobs;
  private final Map<String, List<Tree>> wanted = new HashMap<>();
  private final Map<String, List<Tree>> fading = new HashMap<>();
  private final Set<UUID> namedIndexes = new HashSet<>();
  private final List<Removable> removable = new ArrayList<>();
  private final List<CollectReport.Kept> locked = new ArrayList<>();
  private final Set<PointId> there = new HashSet<>();

  private final boolean lenient;

  /**
   * @param lenient pass over what cannot be read, for making indexes again
   */
  PointSurvey(BlobSource blobs, boolean lenient) {
    this.blobs = blobs;
    this.lenient = lenient;
  }

  /**
   * Lists and reads the points.
   *
   * @param deleted marks with the store's time of each
   * @param oldBefore marks older than this let a point go
   * @param now the store's, for locks
   * @throws SendenseException STORE_DAMAGED where a point cannot be read
   */
  void read(
      ObjectStore store,
      PointMarks marks,
      Map<PointId, Instant> deleted,
      Set<PointId> held,
      Instant oldBefore,
      Instant now) {
    for (StoredObject object : store.list(PointObject.FOLDER)) {
      Optional<PointId> id = PointObject.idOf(object.name());
      if (id.isEmpty()) {
        refuse(object.name().value(), Damage.of(object.name().value(), "a strange name"));
        continue;
      }
      there.add(id.get());
      Instant mark = held.contains(id.get()) ? null : deleted.get(id.get());
      if (mark != null && mark.isBefore(oldBefore)) {
        LockState state = marks.lockState(object.name());
        if (!state.refusesDeletion(now)) {
          removable.add(new Removable(object, id.get()));
          continue;
        }
        locked.add(CollectReport.Kept.of(object.name(), object.lengthBytes(), state));
      }
      read(store, object, mark == null ? wanted : fading, blobs.codecs().keys());
    }
  }

  /**
   * Walks all trees, each node once for every lineage it is in.
   *
   * @param visitor gets the id of every blob and whether a wanted point needs it
   * @param progress hears of the disks' bytes, as far as the walk has come
   * @throws SendenseException STORE_DAMAGED where a node cannot be read
   */
  void walk(BiConsumer<byte[], Boolean> visitor, CollectProgress progress) {
    long total =
        Stream.of(wanted, fading)
            .flatMap(each -> each.values().stream().flatMap(List::stream))
            .mapToLong(tree -> tree.chunks() * tree.chunkBytes())
            .sum();
    CollectProgress.Meter meter =
        new CollectProgress.Meter(progress, CollectProgress.Stage.WALK, total);
    Comparator<Tree> order = Comparator.comparing(Tree::sequence).thenComparing(Tree::point);
    Map<String, Tree> before = new HashMap<>();
    for (Map<String, List<Tree>> each : List.of(wanted, fading)) {
      boolean needed = each == wanted;
      each.forEach(
          (disk, trees) -> {
            trees.sort(order);
            for (Tree tree : trees) {
              @Nullable Tree old = before.put(disk, tree);
              Ref oldTop = old != null && old.height() == tree.height() ? old.top() : null;
              try {
                new Walk(tree, id -> visitor.accept(id, needed), meter)
                    .node(tree.top(), oldTop, tree.height() - 1, 0);
              } catch (SendenseException e) {
                refuse("point " + tree.point(), e);
              }
            }
          });
    }
  }

  List<Removable> removable() {
    return removable;
  }

  /** Deleted points whose objects are locked. */
  List<CollectReport.Kept> locked() {
    return locked;
  }

  Set<UUID> namedIndexes() {
    return namedIndexes;
  }

  boolean isThere(PointId point) {
    return there.contains(point);
  }

  private void read(
      ObjectStore store, StoredObject object, Map<String, List<Tree>> into, Keys keys) {
    PointObject point;
    try {
      byte[] bytes = StoreReads.whole(store, object.name(), PointObject.BYTES_MAX);
      point = PointObject.decode(object.name(), bytes, keys);
    } catch (SendenseException e) {
      if (StoreFailure.isMissing(e)) {
        // Removed by another collector, or withdrawn by a writer that was late.
        return;
      }
      refuse(object.name().value(), e);
      return;
    }
    namedIndexes.addAll(point.indexes());
    for (int i = 0; i < point.tops().size(); i++) {
      PointDisk disk = point.point().disks().get(i);
      point
          .tops()
          .get(i)
          .ifPresent(
              top ->
                  into.computeIfAbsent(
                          point.point().vm() + "\n" + disk.name(), key -> new ArrayList<>())
                      .add(
                          new Tree(
                              point.point().id(),
                              point.point().sequence(),
                              disk.chunks(),
                              disk.chunkBytes(),
                              TreeReader.height(disk.chunks()),
                              top)));
    }
  }

  /** Visits what is below a tree's nodes and was not below those of the point before. */
  private final class Walk {
    private final Tree tree;
    private final Consumer<byte[]> visitor;
    private final CollectProgress.Meter meter;

    Walk(Tree tree, Consumer<byte[]> visitor, CollectProgress.Meter meter) {
      this.tree = tree;
      this.visitor = visitor;
      this.meter = meter;
    }

    /**
     * @param before the node at its place in the point before
     */
    void node(Ref ref, @Nullable Ref before, int level, long index) {
      if (before != null && ref.hasId(before.id())) {
        meter.add(tree.bytes(level, index));
        return;
      }
      visitor.accept(ref.id());
      Node node = readable(ref, level);
      if (node == null || level == 0) {
        meter.add(tree.bytes(level, index));
      }
      if (node == null) {
        return;
      }
      @Nullable Node old = before == null ? null : blobs.node(before);
      for (int place = 0; place < Node.FANOUT; place++) {
        @Nullable Ref child = node.child(place);
        @Nullable Ref oldChild = old == null ? null : old.child(place);
        long at = (index << Node.FANOUT_BITS) + place;
        if (level > 0 && child == null) {
          meter.add(tree.bytes(level - 1, at));
        } else if (level > 0) {
          node(Objects.requireNonNull(child), oldChild, level - 1, at);
        } else if (child != null && (oldChild == null || !child.hasId(oldChild.id()))) {
          visitor.accept(child.id());
        }
      }
    }
  }

  private @Nullable Node readable(Ref ref, int level) {
    try {
      Node node = blobs.node(ref);
      if (node.level() != level) {
        throw Damage.of(ref.at().pack().objectName().value(), "a tree node is at a wrong level");
      }
      return node;
    } catch (SendenseException e) {
      if (lenient && Damage.isContent(e)) {
        return null;
      }
      throw e;
    }
  }

  private void refuse(String what, SendenseException why) {
    if (!Damage.isContent(why)) {
      throw why;
    }
    if (lenient) {
      return;
    }
    throw new SendenseException(
        ErrorCode.STORE_DAMAGED,
        what
            + " cannot be read, so what it needs is not known; nothing was collected: "
            + why.getMessage(),
        "Heal it from a copy, or delete that point. `repository verify` names what is damaged.",
        why);
  }
}
