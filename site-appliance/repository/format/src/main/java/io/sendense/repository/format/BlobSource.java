package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads blobs by reference: at the place the reference names, and if that fails at any other place
 * the indexes know. Thread-safe.
 */
final class BlobSource {
  private static final int NODES_MAX = 512;

  private final ObjectStore store;
  private final CodecPool codecs;
  private final KnownBlobs known;
  private final Map<Location, Node> nodes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Location, Node> eldest) {
          return size() > NODES_MAX;
        }
      };

  BlobSource(ObjectStore store, CodecPool codecs, KnownBlobs known) {
    this.store = store;
    this.codecs = codecs;
    this.known = known;
  }

  CodecPool codecs() {
    return codecs;
  }

  /**
   * @throws SendenseException STORE_DAMAGED, STORE_OBJECT_MISSING, or the store's own failures
   */
  Node node(Ref ref) {
    synchronized (nodes) {
      Node cached = nodes.get(ref.at());
      if (cached != null) {
        return cached;
      }
    }
    Node node = uncachedNode(ref);
    synchronized (nodes) {
      nodes.put(ref.at(), node);
    }
    return node;
  }

  /** Reads a node from the store, whatever was read before. */
  Node uncachedNode(Ref ref) {
    BlobCodec codec = codecs.borrow();
    try {
      return nodeAt(codec, ref, ref.at());
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      return nodeAt(codec, ref, nodeElsewhere(ref).orElseThrow(() -> e));
    } finally {
      codecs.giveBack(codec);
    }
  }

  private Node nodeAt(BlobCodec codec, Ref ref, Location at) {
    byte[] raw = new byte[at.rawBytes()];
    openAt(codec, BlobCodec.NODE, ref.id(), at, raw, 0);
    String object = at.pack().objectName().value();
    Node node = Node.decode(object, raw);
    if (!node.hasId(codec, ref.id())) {
      throw Damage.of(object, "a tree node in it is not the one it should be");
    }
    return node;
  }

  /**
   * Where else a node lies. Its length differs from place to place, with the packs it names, and
   * only the pack's own list tells it.
   */
  Optional<Location> nodeElsewhere(Ref ref) {
    KnownBlobs.@Nullable Hit hit = known.findLoading(ref.id(), ref.at().rawBytes());
    if (hit == null) {
      return Optional.empty();
    }
    PackId pack = hit.at().pack();
    long length = store.stat(pack.objectName()).map(StoredObject::lengthBytes).orElse(0L);
    if (length <= Envelope.HEADER_BYTES || length > PackBuilder.PACK_BYTES_MAX) {
      return Optional.empty();
    }
    return PackList.read(store, codecs.keys(), pack, (int) length).stream()
        .filter(entry -> entry.ref().equals(ref) && entry.ref().at().offset() == hit.at().offset())
        .map(entry -> entry.ref().at())
        .findFirst();
  }

  /** Opens a chunk into {@code target} at {@code to}, where there is room for all of it. */
  void chunk(BlobCodec codec, Ref ref, byte[] target, int to) {
    try {
      openAt(codec, BlobCodec.CHUNK, ref.id(), ref.at(), target, to);
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      Location other = elsewhere(ref).orElseThrow(() -> e);
      openAt(codec, BlobCodec.CHUNK, ref.id(), other, target, to);
    }
  }

  private Optional<Location> elsewhere(Ref ref) {
    KnownBlobs.@Nullable Hit hit = known.findLoading(ref.id(), ref.at().rawBytes());
    return hit == null || hit.at().equals(ref.at()) ? Optional.empty() : Optional.of(hit.at());
  }

  private void openAt(BlobCodec codec, int kind, byte[] id, Location at, byte[] target, int to) {
    byte[] sealed = codec.sealedBuffer(at.sealedBytes());
    StoreReads.range(store, at.pack().objectName(), at.offset(), sealed, at.sealedBytes());
    if (!codec.open(kind, id, at, sealed, 0, target, to)) {
      throw Damage.of(
          at.pack().objectName().value(),
          "bytes ["
              + at.offset()
              + ", "
              + (at.offset() + at.sealedBytes())
              + ") are not what was"
              + " sealed there");
    }
  }
}
