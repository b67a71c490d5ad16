package io.sendense.repository.format;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one implementation of {@link PointWriter}, which says what it promises. */
final class SealedPointWriter implements PointWriter {
  private enum State {
    OPEN,
    SEALING,
    ENDED
  }

  private final ObjectStore store;
  private final BlobSource blobs;
  private final KnownBlobs known;
  private final Environment environment;
  private final PointStamp stamp;
  private final Optional<PointObject> base;
  private final WriterSession session;
  private final LockKeeper locks;
  private final PointMarks marks;
  private final IndexPublisher indexes;
  private final PackUploads uploads;
  private final OwnBlobs own;
  private final LanePool lanes;
  private final PackStream chunkPacks;

  /** Packs of nodes only: they stay readable when old data goes to an archive. */
  private final PackStream nodePacks;

  /** Shared by whoever notes something in a tree; taken alone to see that nobody does any more. */
  private final ReadWriteLock noting = new ReentrantReadWriteLock();

  private final ReadablePacks readable;
  private final List<WrittenDisk> disks;
  private final Tally tally = new Tally();
  private final Set<UUID> reliedOn = ConcurrentHashMap.newKeySet();
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  SealedPointWriter(
      ObjectStore store,
      BlobSource blobs,
      KnownBlobs known,
      PackWorks works,
      Environment environment,
      PointStamp stamp,
      Optional<PointObject> base,
      WriterSession session,
      LockKeeper locks,
      PointMarks marks,
      List<WrittenDisk> disks) {
    this.store = store;
    this.blobs = blobs;
    this.known = known;
    this.environment = environment;
    this.stamp = stamp;
    this.base = base;
    this.session = session;
    this.locks = locks;
    this.marks = marks;
    this.disks = List.copyOf(disks);
    CodecPool codecs = blobs.codecs();
    int chunkBytesMax = disks.stream().mapToInt(WrittenDisk::chunkBytes).max().orElseThrow();
    indexes = new IndexPublisher(store, codecs.keys(), environment.random(), session.deadline());
    uploads =
        new PackUploads(
            store, codecs, works, environment, indexes, session.writer(), session.generation());
    own = new OwnBlobs(store, codecs, indexes, environment.tuning().indexBytes() / 4);
    lanes = works.lanes();
    chunkPacks = PackStream.ofChunks(uploads, chunkBytesMax);
    nodePacks = PackStream.ofNodes(uploads);
    readable = new ReadablePacks(store, !known.damagedIds().isEmpty());
    if (stamp.reuses()) {
      base.ifPresent(p -> p.indexes().forEach(index -> reliedOn.add(known.current(index))));
      session.adopt(known, own);
    }
  }

  @Override
  public PointId id() {
    return stamp.id();
  }

  @Override
  public int chunkBytes(int disk) {
    return disks.get(disk).chunkBytes();
  }

  @Override
  public WriteOutcome write(int disk, long chunkIndex, byte[] data, int length) {
    WrittenDisk target = checked(disk, chunkIndex, length);
    if (BlobCodec.isZero(data, 0, length)) {
      return tally.count(setZero(target, chunkIndex), length);
    }
    noting.readLock().lock();
    try {
      checkOpen();
      // Without a lane: other writers may have packs to fill meanwhile.
      chunkPacks.awaitRoom();
      uploads.checkHealthy();
      BlobCodec lane = lanes.borrow();
      try {
        return tally.count(write(lane, target, chunkIndex, data, length), length);
      } finally {
        lanes.giveBack(lane);
      }
    } finally {
      noting.readLock().unlock();
    }
  }

  @Override
  public boolean matchesParent(int disk, long chunkIndex, byte[] data, int length) {
    WrittenDisk target = checked(disk, chunkIndex, length);
    Ref old = target.tree().inherited(chunkIndex);
    if (old == null || BlobCodec.isZero(data, 0, length)) {
      return old == null && BlobCodec.isZero(data, 0, length);
    }
    BlobCodec codec = blobs.codecs().borrow();
    try {
      byte[] chunkId = new byte[Ref.ID_BYTES];
      codec.chunkId(padded(codec, target, data, length), 0, target.chunkBytes(), chunkId);
      return old.hasId(chunkId);
    } finally {
      blobs.codecs().giveBack(codec);
    }
  }

  @Override
  public List<BlockRange> lost(int disk) {
    return disks.get(disk).lost();
  }

  @Override
  public WriteOutcome zero(int disk, long chunkIndex) {
    WrittenDisk target = disks.get(disk);
    return tally.count(
        setZero(checked(disk, chunkIndex, target.lengthOf(chunkIndex)), chunkIndex), 0);
  }

  @Override
  public void zeros(int disk, long firstChunk, long count) {
    WrittenDisk target = disks.get(disk);
    checked(disk, firstChunk, target.lengthOf(firstChunk));
    checked(disk, firstChunk + count - 1, target.lengthOf(firstChunk + count - 1));
    note(() -> target.zeros(firstChunk, count, this::storeNode));
    tally.countZeros(count);
  }

  @Override
  public PointStatistics statistics() {
    return tally.statistics(
        uploads.bytes() + indexes.bytes(), uploads.objects() + indexes.objects());
  }

  @Override
  public RestorePoint seal(Map<String, String> annotations, Runnable beforePublishing) {
    checkAnnotations(annotations);
    if (!state.compareAndSet(State.OPEN, State.SEALING)) {
      throw spent();
    }
    try {
      awaitNoting();
      List<Optional<Ref>> tops = finishTrees();
      flushAndSettle();
      indexes.flush();
      session.checkDeadline(indexes.lastStoredAt());
      beforePublishing.run();
      locks.protect(stamp.reuses() ? base : Optional.empty(), reliedOn);
      RestorePoint point = publish(tops, annotations);
      session.end();
      // What was stored again in place of damage mends older points at once.
      known.refreshIfDamaged();
      return point;
    } finally {
      end();
    }
  }

  @Override
  public void abandon() {
    if (state.compareAndSet(State.OPEN, State.ENDED)) {
      end();
    }
  }

  @Override
  public void close() {
    abandon();
  }

  /**
   * Notes a chunk by its identity where the repository holds it already, without its bytes.
   *
   * @return false where it is not here; nothing was noted then
   */
  boolean reuse(int disk, long chunkIndex, Ref chunk) {
    WrittenDisk target = checked(disk, chunkIndex, disks.get(disk).lengthOf(chunkIndex));
    Ref stored = findStored(chunk.id(), target.chunkBytes());
    if (stored == null) {
      return false;
    }
    note(() -> target.set(chunkIndex, stored, this::storeNode));
    tally.count(WriteOutcome.DEDUPLICATED, 0);
    return true;
  }

  /** Stores a chunk of another repository of the tenant under its id there, packed as it is. */
  void carry(int disk, long chunkIndex, Ref chunk, byte[] packedBytes) {
    WrittenDisk target = checked(disk, chunkIndex, disks.get(disk).lengthOf(chunkIndex));
    note(
        () -> {
          chunkPacks.awaitRoom();
          uploads.checkHealthy();
          BlobCodec lane = lanes.borrow();
          try {
            Ref stored = chunkPacks.storePacked(lane, chunk, packedBytes);
            own.stored(stored);
            target.set(chunkIndex, stored, this::storeNode);
          } finally {
            lanes.giveBack(lane);
          }
        });
    tally.count(WriteOutcome.STORED, target.lengthOf(chunkIndex));
  }

  private WriteOutcome write(
      BlobCodec lane, WrittenDisk target, long chunkIndex, byte[] data, int length) {
    byte[] chunkId = new byte[Ref.ID_BYTES];
    int chunkBytes = target.chunkBytes();
    byte[] raw = padded(lane, target, data, length);
    lane.chunkId(raw, 0, chunkBytes, chunkId);
    Ref old = target.tree().inherited(chunkIndex);
    if (old != null && old.hasId(chunkId)) {
      target.set(chunkIndex, old, this::storeNode);
      return WriteOutcome.UNCHANGED;
    }
    Ref stored = findStored(chunkId, chunkBytes);
    WriteOutcome outcome = WriteOutcome.DEDUPLICATED;
    if (stored == null) {
      stored = chunkPacks.store(lane, BlobCodec.CHUNK, chunkId, raw, chunkBytes);
      own.stored(stored);
      outcome = WriteOutcome.STORED;
    }
    target.set(chunkIndex, stored, this::storeNode);
    return outcome;
  }

  private @Nullable Ref findStored(byte[] chunkId, int chunkBytes) {
    KnownBlobs.Hit hit = stamp.reuses() ? known.find(chunkId, chunkBytes) : null;
    // A point that relied on an archived pack could not be restored at once.
    if (hit != null && readable.has(hit.at().pack())) {
      reliedOn.add(hit.index());
      locks.uses(hit.at().pack());
      return new Ref(chunkId, hit.at());
    }
    Location mine = own.find(chunkId, chunkBytes);
    if (mine == null) {
      return null;
    }
    locks.uses(mine.pack());
    return new Ref(chunkId, mine);
  }

  private WriteOutcome setZero(WrittenDisk target, long chunkIndex) {
    note(() -> target.set(chunkIndex, null, this::storeNode));
    return WriteOutcome.ZERO;
  }

  private void note(Runnable change) {
    noting.readLock().lock();
    try {
      checkOpen();
      change.run();
    } finally {
      noting.readLock().unlock();
    }
  }

  /** Returns when nobody writes any more; new writes are refused by the state. */
  private void awaitNoting() {
    noting.writeLock().lock();
    try {
      checkNotOpen();
    } finally {
      noting.writeLock().unlock();
    }
  }

  /** Without a lane: whoever completes a leaf in a lane would need a second one. */
  private Ref storeNode(Node node) {
    byte[] raw = node.encode();
    BlobCodec codec = blobs.codecs().borrow();
    try {
      return nodePacks.store(codec, BlobCodec.NODE, node.id(codec), raw, raw.length);
    } finally {
      blobs.codecs().giveBack(codec);
    }
  }

  private List<Optional<Ref>> finishTrees() {
    Function<Node, Ref> storeNode = this::storeNode;
    List<Optional<Ref>> tops = new ArrayList<>();
    disks.forEach(SealedPointWriter::checkNothingLost);
    for (int i = 0; i < disks.size(); i++) {
      cutLastChunk(i);
      tops.add(disks.get(i).tree().finish(storeNode, blobs::uncachedNode, this::flushAndSettle));
    }
    return tops;
  }

  private static void checkNothingLost(WrittenDisk disk) {
    List<BlockRange> lost = disk.lost();
    if (!lost.isEmpty()) {
      throw new SendenseException(
          ErrorCode.STORE_DAMAGED,
          "bytes ["
              + lost.getFirst().offset()
              + ", "
              + lost.getFirst().end()
              + ") of disk "
              + disk.name()
              + " are lost in the point before and were not written again",
          "Run `repository heal` with a copy, or back the machine up with all its disks present.");
    }
  }

  private void flushAndSettle() {
    chunkPacks.flush();
    nodePacks.flush();
    uploads.settle();
  }

  /** The parent's chunk may hold data beyond the end of a disk that shrank; zeros belong there. */
  private void cutLastChunk(int disk) {
    WrittenDisk target = disks.get(disk);
    if (!target.lastChunkNeedsCut()) {
      return;
    }
    long last = target.chunks() - 1;
    Ref old = target.tree().inherited(last);
    if (old == null) {
      return;
    }
    byte[] raw = new byte[target.chunkBytes()];
    BlobCodec codec = blobs.codecs().borrow();
    try {
      blobs.chunk(codec, old, raw, 0);
    } finally {
      blobs.codecs().giveBack(codec);
    }
    int length = target.lengthOf(last);
    if (BlobCodec.isZero(raw, 0, length)) {
      target.set(last, null, this::storeNode);
      return;
    }
    BlobCodec lane = lanes.borrow();
    try {
      write(lane, target, last, raw, length);
    } finally {
      lanes.giveBack(lane);
    }
  }

  private RestorePoint publish(List<Optional<Ref>> tops, Map<String, String> annotations) {
    BlobCodec codec = blobs.codecs().borrow();
    List<PointDisk> sealed = new ArrayList<>();
    try {
      for (int i = 0; i < disks.size(); i++) {
        sealed.add(disks.get(i).sealed(codec, tops.get(i)));
      }
    } finally {
      blobs.codecs().giveBack(codec);
    }
    RestorePoint point =
        stamp.point(sealed, environment.clock().instant(), annotations, statistics());
    reliedOn.addAll(indexes.published());
    List<UUID> sortedIndexes = reliedOn.stream().sorted().toList();
    byte[] content =
        new PointObject(point, session.writer(), sortedIndexes, tops)
            .encode(blobs.codecs().keys(), IndexPublisher.salt(environment.random()));
    ObjectName name = PointObject.name(stamp.id());
    StoredObject stored = IndexPublisher.putAndReadBack(store, name, content);
    if (session.isLate(stored.storedAt())) {
      locks.withdraw(stamp.id(), marks);
      throw session.late();
    }
    return point;
  }

  private WrittenDisk checked(int disk, long chunkIndex, int length) {
    checkOpen();
    WrittenDisk target = disks.get(disk);
    if (chunkIndex < 0 || chunkIndex >= target.chunks() || length != target.lengthOf(chunkIndex)) {
      throw new IllegalArgumentException(
          "chunk " + chunkIndex + " of " + length + " bytes does not fit disk " + target.name());
    }
    return target;
  }

  private void checkNotOpen() {
    if (state.get() == State.OPEN) {
      throw new IllegalStateException("more could still be written");
    }
  }

  private void checkOpen() {
    if (state.get() != State.OPEN) {
      throw spent();
    }
  }

  /** A chunk of full length: the data itself, or a copy padded with zeros. */
  private static byte[] padded(BlobCodec codec, WrittenDisk target, byte[] data, int length) {
    if (length == target.chunkBytes()) {
      return data;
    }
    byte[] buffer = codec.chunkBuffer(target.chunkBytes());
    System.arraycopy(data, 0, buffer, 0, length);
    java.util.Arrays.fill(buffer, length, target.chunkBytes(), (byte) 0);
    return buffer;
  }

  private void end() {
    state.set(State.ENDED);
    uploads.stop();
    awaitNoting();
    chunkPacks.discard();
    nodePacks.discard();
    uploads.close();
  }

  private static void checkAnnotations(Map<String, String> annotations) {
    boolean fits =
        annotations.size() <= PointObject.ANNOTATIONS_MAX
            && annotations.entrySet().stream()
                .allMatch(e -> e.getKey().length() <= 100 && e.getValue().length() <= 4000);
    if (!fits) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a point has up to 64 annotations, keys to 100 and values to 4,000 characters",
          "");
    }
  }

  private static IllegalStateException spent() {
    return new IllegalStateException("this writer was sealed, abandoned or has failed");
  }
}
