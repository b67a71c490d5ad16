package io.sendense.repository.format;

import io.sendense.repository.local.LocalObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/**
 * Makes a repository as large as years of backups would: disks of 1 TiB whose every chunk is its
 * own, sealed at five eighths of its length. Format, key, indexes and points are what a writer
 * would have stored; ids, checksums and roots are random, and the packs that they name are not
 * there. In this package because only it can seal such objects.
 */
@NullMarked
public final class LargeRepository {
  private static final long DISK_BYTES = 1L << 40;
  private static final int GENERATION = 1;
  private static final int NODE_BYTES = 6_200;
  private static final Duration DEADLINE = Duration.ofDays(1);

  private final Environment environment =
      Environment.of(InstantSource.system(), new SecureRandom());
  private final LocalObjectStore store;
  private final Keys keys;
  private final int chunkBytes;

  private LargeRepository(LocalObjectStore store, Keys keys, int chunkBytes) {
    this.store = store;
    this.keys = keys;
    this.chunkBytes = chunkBytes;
  }

  /**
   * @param folder is made
   * @param tebibytes number of disks
   * @param pointsPerDisk each relies on all indexes of its disk
   */
  public static void make(Path folder, char[] passphrase, int tebibytes, int pointsPerDisk) {
    RepositorySettings settings = RepositorySettings.defaults();
    try (LocalObjectStore store = LocalObjectStore.create(folder);
        Repository repository =
            Repository.init(
                store,
                RepositorySecret.passphrase(passphrase),
                settings,
                Environment.of(InstantSource.system(), new SecureRandom()))) {
      Keys keys = ((SealedRepository) repository).sealingKeys();
      LargeRepository large = new LargeRepository(store, keys, settings.chunkBytes());
      IntStream.range(0, tebibytes).parallel().forEach(disk -> large.disk(disk, pointsPerDisk));
    }
  }

  private void disk(int number, int points) {
    Writer writer = new Writer(new SplittableRandom(number));
    long chunks = DISK_BYTES / chunkBytes;
    writer.blobs(chunks, BlobCodec.CHUNK, chunkBytes / 8 * 5, chunkBytes);
    long nodes = 0;
    for (long level = chunks; level > 1; level = Math.ceilDiv(level, (long) Node.FANOUT)) {
      nodes += Math.ceilDiv(level, (long) Node.FANOUT);
    }
    Ref top = writer.blobs(nodes, BlobCodec.NODE, NODE_BYTES, NODE_BYTES);
    writer.publish();
    Optional<PointId> parent = Optional.empty();
    for (int i = 1; i <= points; i++) {
      parent = Optional.of(point("vm-" + number, i, parent, top, writer));
    }
  }

  private PointId point(String vm, int sequence, Optional<PointId> parent, Ref top, Writer writer) {
    PointId id = TimeOrderedId.next(environment);
    Instant now = environment.clock().instant();
    PointDisk disk = new PointDisk("vda", DISK_BYTES, chunkBytes, RootHash.of(writer.bytes(32)));
    RestorePoint point =
        new RestorePoint(
            id,
            vm,
            sequence,
            List.of(disk),
            now,
            now,
            parent,
            Consistency.CRASH,
            Map.of(),
            new PointStatistics(0, disk.chunks(), 0, 0, 0, 0, 0));
    PointObject object =
        new PointObject(point, writer.id, writer.indexes, List.of(Optional.of(top)));
    store.put(PointObject.name(id), object.encode(keys, salt()));
    return id;
  }

  private byte[] salt() {
    return IndexPublisher.salt(environment.random());
  }

  /** What one writer stored: its packs, gathered into indexes of the usual length. */
  private final class Writer {
    final UUID id = IndexPublisher.randomId(environment.random());
    final List<UUID> indexes = new ArrayList<>();
    private final SplittableRandom random;
    private List<PackRecord> packs = new ArrayList<>();
    private int packCount;
    private int blobsInIndex;

    Writer(SplittableRandom random) {
      this.random = random;
    }

    byte[] bytes(int count) {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      while (bytes.hasRemaining()) {
        bytes.putLong(random.nextLong());
      }
      return bytes.array();
    }

    /** Packs full of blobs of one length; returns the last blob. */
    Ref blobs(long count, int kind, int sealedBytes, int rawBytes) {
      int packBytes = environment.tuning().packBytes();
      int perPack = Math.min(PackBuilder.BLOBS_MAX, packBytes / sealedBytes);
      Ref last = new Ref(new byte[Ref.ID_BYTES], new Location(packId(), 0, 0, 0));
      for (long left = count; left > 0; left -= perPack) {
        PackId pack = packId();
        List<PackEntry> entries = new ArrayList<>();
        int offset = Envelope.HEADER_BYTES + PackId.BYTES + Integer.BYTES;
        for (int i = 0; i < Math.min(left, perPack); i++) {
          int field = sealedBytes < rawBytes ? sealedBytes | Location.COMPRESSED : sealedBytes;
          last = new Ref(bytes(Ref.ID_BYTES), new Location(pack, offset, field, rawBytes));
          entries.add(new PackEntry(kind, last));
          offset += sealedBytes;
        }
        packCount++;
        add(new PackRecord(pack, offset + 45 * entries.size() + 48, bytes(32), entries));
      }
      return last;
    }

    private PackId packId() {
      return PackId.of(GENERATION, id, keys.repositoryKey().epoch(), packCount);
    }

    private void add(PackRecord pack) {
      if (packs.size() == IndexObject.PACKS_MAX
          || blobsInIndex + pack.entries().size() > IndexObject.BLOBS_MAX) {
        publish();
      }
      packs.add(pack);
      blobsInIndex += pack.entries().size();
    }

    void publish() {
      UUID index = IndexPublisher.randomId(environment.random());
      Instant storedBy = environment.clock().instant().plus(DEADLINE);
      byte[] object =
          new IndexObject(index, List.of(), packs, Optional.of(storedBy)).encode(keys, salt());
      store.put(IndexObject.name(index), object);
      indexes.add(index);
      packs = new ArrayList<>();
      blobsInIndex = 0;
    }
  }
}
