package io.sendense.repository.format;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies the wanted blobs of some packs into packs of the collector's own, proved as any others.
 */
final class PackRewriter {
  private final Collector collector;
  private final Survey survey;
  private final IndexPublisher publisher;
  private final Instant now;
  private final CollectProgress.Meter meter;

  /**
   * @param bytes wanted of all that will be rewritten
   */
  PackRewriter(
      Collector collector, Survey survey, IndexPublisher publisher, Instant now, long bytes) {
    this.collector = collector;
    this.survey = survey;
    this.publisher = publisher;
    this.now = now;
    meter = new CollectProgress.Meter(collector.progress(), CollectProgress.Stage.REWRITE, bytes);
  }

  /** Returns when the copies are durable, proved and handed to the publisher. */
  void run(Set<Integer> packs) {
    Map<Integer, Set<ByteBuffer>> wanted = survey.wantedIn(packs);
    CodecPool codecs = collector.blobs().codecs();
    BlobCodec codec = codecs.borrow();
    try (PackWorks works = new PackWorks(collector.environment().tuning(), codecs);
        PackUploads uploads =
            new PackUploads(
                collector.lockedStore(now),
                codecs,
                works,
                collector.environment(),
                publisher,
                collector.id(),
                collector.format().generationOf(now))) {
      PackStream stream = PackStream.ofChunks(uploads, RepositorySettings.CHUNK_BYTES_MAX);
      try {
        byte[] raw = new byte[RepositorySettings.CHUNK_BYTES_MAX];
        for (Map.Entry<Integer, Set<ByteBuffer>> each : wanted.entrySet()) {
          copy(survey.packs().id(each.getKey()), each, codec, stream, raw);
        }
        stream.flush();
        uploads.settle();
      } finally {
        // Closing waits for every pack that was taken, and an open one would never be sent.
        stream.discard();
      }
    } finally {
      codecs.giveBack(codec);
    }
  }

  private void copy(
      PackId pack,
      Map.Entry<Integer, Set<ByteBuffer>> wanted,
      BlobCodec codec,
      PackStream stream,
      byte[] raw) {
    List<PackEntry> entries =
        PackList.read(
            collector.store(),
            collector.blobs().codecs().keys(),
            pack,
            survey.packs().length(wanted.getKey()));
    for (PackEntry entry : entries) {
      Ref ref = entry.ref();
      // Taken out, so that a blob that lies in the pack twice is copied once.
      if (!wanted.getValue().remove(ByteBuffer.wrap(ref.id(), 0, Spill.ID_BYTES).slice())) {
        continue;
      }
      int length = ref.at().rawBytes();
      collector.blobs().blob(codec, entry.kind(), ref, raw, 0);
      check(pack, entry, codec, raw, length);
      stream.store(codec, entry.kind(), ref.id(), raw, length);
      meter.add(ref.at().sealedBytes());
    }
  }

  private static void check(PackId pack, PackEntry entry, BlobCodec codec, byte[] raw, int length) {
    boolean good;
    if (entry.kind() == BlobCodec.CHUNK) {
      byte[] computed = new byte[Ref.ID_BYTES];
      codec.chunkId(raw, 0, length, computed);
      good = entry.ref().hasId(computed);
    } else {
      good =
          Node.decode(pack.objectName().value(), Arrays.copyOf(raw, length))
              .hasId(codec, entry.ref().id());
    }
    if (!good) {
      throw Damage.of(pack.objectName().value(), "a blob in it is not what it should be");
    }
  }
}
