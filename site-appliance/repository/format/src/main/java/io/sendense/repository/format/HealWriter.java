package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A writer without a point: it publishes an intent, stores blobs in new packs, proves them by
 * reading back and publishes an index. Used by one thread.
 */
final class HealWriter implements AutoCloseable {
  private final SealedRepository repository;
  private final WriterSession session;
  private final LockKeeper locks;
  private final IndexPublisher indexes;
  private final PackUploads uploads;
  private final CodecPool codecs;
  private final PackStream chunks;
  private final PackStream nodes;

  HealWriter(SealedRepository repository) {
    this.repository = repository;
    codecs = repository.blobs().codecs();
    session =
        WriterSession.begin(
            repository.store(),
            codecs.keys(),
            repository.environment(),
            repository.format(),
            repository.known().indexIds());
    // What heals a locked point is locked like it.
    ObjectStore store =
        LockedStore.of(repository.store(), repository.format(), session.generation());
    indexes =
        new IndexPublisher(
            store, codecs.keys(), repository.environment().random(), session.deadline());
    locks =
        new LockKeeper(
            repository.store(),
            repository.environment(),
            repository.format(),
            repository.blobs(),
            repository.known(),
            session.generation());
    UUID writer = session.writer();
    uploads =
        new PackUploads(
            store,
            codecs,
            repository.works(),
            repository.environment(),
            indexes,
            writer,
            session.generation());
    chunks = PackStream.ofChunks(uploads, RepositorySettings.CHUNK_BYTES_MAX);
    nodes = PackStream.ofNodes(uploads);
  }

  Location store(int kind, byte[] id, byte[] raw) {
    PackStream stream = kind == BlobCodec.NODE ? nodes : chunks;
    BlobCodec codec = codecs.borrow();
    try {
      return stream.store(codec, kind, id, raw, raw.length).at();
    } finally {
      codecs.giveBack(codec);
    }
  }

  /** What serves in the place of damaged packs is to be locked as long as what is stored here. */
  void lockStandIns() {
    if (repository.format().settings().lock().isEmpty()) {
      return;
    }
    TreePacks trees = new TreePacks(repository.blobs(), repository.known());
    for (RestorePoint point : repository.points()) {
      try {
        trees.add(repository.load(point.id()));
      } catch (SendenseException e) {
        // Damaged beyond what is recorded, or deleted since it was listed.
        if (!Damage.isContent(e) && e.code() != ErrorCode.NOT_FOUND) {
          throw e;
        }
      }
    }
    // One that is gone as well is for the next verification to tell.
    trees.standIns().stream()
        .filter(pack -> repository.store().stat(pack.objectName()).isPresent())
        .forEach(locks::uses);
  }

  /** Returns when all is durable, proved and indexed; how many bytes that took. */
  long finish() {
    chunks.flush();
    nodes.flush();
    uploads.settle();
    indexes.flush();
    session.checkDeadline(indexes.lastStoredAt());
    locks.protect(Optional.empty(), List.of());
    session.end();
    return uploads.bytes() + indexes.bytes();
  }

  @Override
  public void close() {
    chunks.discard();
    nodes.discard();
    uploads.close();
  }
}
