package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads packs in full, several at once, and remembers which blobs were proved. */
final class PackProofs {
  private static final long TABLE_BYTES_MAX = 256L << 20;

  private final ObjectStore store;
  private final CodecPool codecs;
  private final Findings findings;
  private final VerifyReport.Progress progress;
  private final ChunkTable proved = new ChunkTable(TABLE_BYTES_MAX);
  private final Map<PackId, Integer> ordinals = new HashMap<>();
  private final int lanes;
  private long bytesRead;

  /**
   * @param lanes how many packs are read at once
   */
  PackProofs(
      ObjectStore store,
      CodecPool codecs,
      Findings findings,
      VerifyReport.Progress progress,
      int lanes) {
    this.lanes = lanes;
    this.store = store;
    this.codecs = codecs;
    this.findings = findings;
    this.progress = progress;
  }

  /**
   * Proves packs, each by one read of all of it.
   *
   * @param checksums what the indexes say that packs end in; others are computed
   */
  void proveAll(Map<PackId, Long> packs, Map<PackId, byte[]> checksums) {
    long total = packs.values().stream().mapToLong(Long::longValue).sum();
    List<Future<?>> running = new ArrayList<>();
    ThreadLocal<byte[]> buffers = ThreadLocal.withInitial(() -> new byte[1 << 20]);
    try (ExecutorService workers =
        Executors.newFixedThreadPool(
            lanes, Thread.ofPlatform().daemon().name("verify-", 0).factory())) {
      packs.forEach(
          (pack, length) ->
              running.add(
                  workers.submit(() -> prove(pack, length, checksums.get(pack), total, buffers))));
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      throw PackUploads.interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SendenseException s) {
        throw s;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  synchronized boolean isProved(Ref chunk) {
    ChunkTable.@Nullable Found found = proved.find(chunk.id());
    Integer ordinal = ordinals.get(chunk.at().pack());
    return found != null
        && ordinal != null
        && found.pack() == ordinal
        && found.offset() == chunk.at().offset()
        && found.sealedField() == chunk.at().sealedField();
  }

  /** Proves one chunk by reading it alone, wherever it can be found. */
  void proveOne(BlobSource blobs, Ref chunk) {
    BlobCodec codec = codecs.borrow();
    try {
      int length = chunk.at().rawBytes();
      byte[] raw = codec.chunkBuffer(length);
      blobs.chunk(codec, chunk, raw, 0);
      byte[] id = new byte[Ref.ID_BYTES];
      codec.chunkId(raw, 0, length, id);
      if (!chunk.hasId(id)) {
        throw Damage.of(
            chunk.at().pack().objectName().value(), "a chunk in it is not what it should be");
      }
    } finally {
      codecs.giveBack(codec);
    }
    synchronized (this) {
      bytesRead += chunk.at().sealedBytes();
      note(new PackEntry(BlobCodec.CHUNK, chunk));
    }
  }

  /** Checks without reading data that a chunk's pack is there and long enough. */
  void checkPresence(Ref chunk, Map<PackId, Long> packs) {
    Location at = chunk.at();
    Long length = packs.get(at.pack());
    if (length == null) {
      throw StoreFailure.missing(store.describe(), at.pack().objectName());
    }
    if (length < at.offset() + at.sealedBytes()) {
      throw Damage.of(at.pack().objectName().value(), "it was cut short");
    }
  }

  synchronized long bytesRead() {
    return bytesRead;
  }

  private void prove(
      PackId pack,
      long length,
      byte @Nullable [] checksum,
      long total,
      ThreadLocal<byte[]> buffers) {
    BlobCodec codec = codecs.borrow();
    try {
      if (length > PackBuilder.PACK_BYTES_MAX) {
        throw Damage.of(pack.objectName().value(), "it is too long for a pack");
      }
      byte[] bytes = buffers.get();
      if (bytes.length < length) {
        bytes = new byte[(int) length];
        buffers.set(bytes);
      }
      StoreReads.range(store, pack.objectName(), 0, bytes, (int) length);
      PackContent content = parse(codec, pack, checksum, bytes, (int) length);
      List<PackEntry> damaged = content.damagedBlobs(codec);
      if (!damaged.isEmpty()) {
        findings.object(
            VerifyReport.Kind.DAMAGED,
            pack.objectName(),
            damaged.size() + " of its " + content.entries().size() + " blobs are damaged");
      }
      synchronized (this) {
        content.entries().stream().filter(e -> !damaged.contains(e)).forEach(this::note);
      }
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      // Each blob of it that a tree names is tried alone later: most may still be whole. A pack
      // gone
      // since it was listed was a collector's; if a tree needs it, that says so.
      if (!StoreFailure.isMissing(e)) {
        findings.object(Findings.kind(e), pack.objectName(), String.valueOf(e.getMessage()));
      }
    } finally {
      codecs.giveBack(codec);
    }
    synchronized (this) {
      bytesRead += length;
      progress.at(Math.min(bytesRead, total), total);
    }
  }

  /**
   * A pack that ends in the checksum that an index says need not be summed: header and list are
   * under the list's tag and every blob, opened next, under its own. Where anything does not fit,
   * the sum says whether the pack or the index is at fault.
   */
  private PackContent parse(
      BlobCodec codec, PackId pack, byte @Nullable [] checksum, byte[] bytes, int length) {
    if (checksum != null) {
      try {
        return PackContent.parseWritten(checksum, codecs.keys(), pack, bytes, length);
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
      }
    }
    return PackContent.parse(codec, codecs.keys(), pack, bytes, length);
  }

  private void note(PackEntry entry) {
    Location at = entry.ref().at();
    int ordinal = ordinals.computeIfAbsent(at.pack(), pack -> ordinals.size());
    proved.put(entry.ref().id(), ordinal, at.offset(), at.sealedField());
  }
}
