package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
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
      byte[] raw = new byte[ref.at().rawBytes()];
      open(codec, BlobCodec.NODE, ref, raw, 0);
      String object = ref.at().pack().objectName().value();
      Node node = Node.decode(object, raw);
      if (!node.hasId(codec, ref.id())) {
        throw Damage.of(object, "a tree node in it is not the one it should be");
      }
      return node;
    } finally {
      codecs.giveBack(codec);
    }
  }

  /** Opens a chunk into {@code target} at {@code to}, where there is room for all of it. */
  void chunk(BlobCodec codec, Ref ref, byte[] target, int to) {
    open(codec, BlobCodec.CHUNK, ref, target, to);
  }

  private void open(BlobCodec codec, int kind, Ref ref, byte[] target, int to) {
    try {
      openAt(codec, kind, ref.id(), ref.at(), target, to);
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      Location other = elsewhere(ref).orElseThrow(() -> e);
      openAt(codec, kind, ref.id(), other, target, to);
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
