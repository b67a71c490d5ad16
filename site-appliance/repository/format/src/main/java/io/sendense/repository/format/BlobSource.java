package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads blobs by reference: at the place the reference names, if that fails at any other place the
 * indexes know, and if that fails too where nobody relies on it any more. Thread-safe.
 */
final class BlobSource {
  private static final int NODES_MAX = 512;

  private final ObjectStore store;
  private final CodecPool codecs;
  private final KnownBlobs known;
  private final LastResort lastResort;

  /** Packs found missing: for each the indexes are asked once more what became of it. */
  private final Set<PackId> vanished = ConcurrentHashMap.newKeySet();

  private final Map<Location, Node> nodes =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Location, Node> eldest) {
          return size() > NODES_MAX;
        }
      };

  BlobSource(ObjectStore store, CodecPool codecs, KnownBlobs known, LastResort lastResort) {
    this.store = store;
    this.codecs = codecs;
    this.known = known;
    this.lastResort = lastResort;
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
      return nodeElsewhere(codec, ref, e);
    } finally {
      codecs.giveBack(codec);
    }
  }

  private Node nodeElsewhere(BlobCodec codec, Ref ref, SendenseException why) {
    boolean fresh = StoreFailure.isMissing(why) && vanished.add(ref.at().pack());
    for (int round = 0; round < (fresh ? 2 : 1); round++) {
      Optional<Location> other = nodeElsewhere(ref);
      try {
        if (other.isPresent()) {
          return nodeAt(codec, ref, other.get());
        }
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
      }
      if (fresh) {
        // What a collector moved meanwhile only the newest indexes tell.
        known.refresh();
      }
    }
    for (Location place : places(ref)) {
      try {
        Optional<Location> listed = listed(ref, place);
        if (listed.isPresent()) {
          return nodeAt(codec, ref, listed.get());
        }
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
      }
    }
    throw why;
  }

  private Node nodeAt(BlobCodec codec, Ref ref, Location at) {
    byte[] raw = new byte[at.rawBytes()];
    openAt(codec, BlobCodec.NODE, ref.id(), at, ByteBuffer.wrap(raw));
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
    return hit == null ? Optional.empty() : listed(ref, hit.at());
  }

  private Optional<Location> listed(Ref ref, Location at) {
    PackId pack = at.pack();
    long length = store.stat(pack.objectName()).map(StoredObject::lengthBytes).orElse(0L);
    if (length <= Envelope.HEADER_BYTES || length > PackBuilder.PACK_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      return PackList.read(store, codecs.keys(), pack, (int) length).stream()
          .filter(entry -> entry.ref().equals(ref) && entry.ref().at().offset() == at.offset())
          .map(entry -> entry.ref().at())
          .findFirst();
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Opens a chunk into {@code target} at {@code to}, where there is room for all of it. */
  void chunk(BlobCodec codec, Ref ref, byte[] target, int to) {
    chunk(codec, ref, ByteBuffer.wrap(target, to, target.length - to));
  }

  /** Opens a chunk from the buffer's position on, which stays where it is. */
  void chunk(BlobCodec codec, Ref ref, ByteBuffer target) {
    open(codec, BlobCodec.CHUNK, ref, target);
  }

  /**
   * Opens a chunk into {@code target} and leaves it packed; looks only at the place it names.
   *
   * @return false where it is not there as it was sealed: the caller then asks for {@link #chunk}
   */
  boolean packedChunk(BlobCodec codec, Ref ref, byte[] target) {
    if (vanished.contains(ref.at().pack())) {
      return false;
    }
    try {
      byte[] sealed = codec.sealedBuffer(ref.at());
      ObjectName pack = ref.at().pack().objectName();
      StoreReads.range(store, pack, ref.at().offset(), sealed, ref.at().sealedBytes());
      return codec.unseal(ref, sealed, target);
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      return false;
    }
  }

  /** Where the indexes say that a blob lies, if that is another place. */
  @Nullable Ref elsewhere(Ref ref) {
    KnownBlobs.@Nullable Hit hit = known.findLoading(ref.id(), ref.at().rawBytes());
    return hit == null || hit.at().equals(ref.at()) ? null : new Ref(ref.id(), hit.at());
  }

  /**
   * Where a blob may still be read that is neither where it is named nor where the indexes say. To
   * be tried, not to be relied on.
   */
  List<Location> places(Ref ref) {
    return lastResort.places(ref.id(), ref.at().rawBytes());
  }

  /** Opens any blob into {@code target} at {@code to}; its identity is the caller's to check. */
  void blob(BlobCodec codec, int kind, Ref ref, byte[] target, int to) {
    open(codec, kind, ref, ByteBuffer.wrap(target, to, target.length - to));
  }

  private void open(BlobCodec codec, int kind, Ref ref, ByteBuffer target) {
    if (vanished.contains(ref.at().pack()) && openElsewhere(codec, kind, ref, target)) {
      return;
    }
    try {
      openAt(codec, kind, ref.id(), ref.at(), target);
    } catch (SendenseException e) {
      if (!Damage.isContent(e)) {
        throw e;
      }
      boolean fresh = StoreFailure.isMissing(e) && vanished.add(ref.at().pack());
      if (!openElsewhere(codec, kind, ref, target)) {
        if (fresh) {
          known.refresh();
        }
        boolean found = fresh && openElsewhere(codec, kind, ref, target);
        if (!found && !openLastResort(codec, kind, ref, target)) {
          throw e;
        }
      }
    }
  }

  /** Where the indexes say; where that is gone too, where they say by now. */
  private boolean openElsewhere(BlobCodec codec, int kind, Ref ref, ByteBuffer target) {
    for (int round = 0; round < 2; round++) {
      KnownBlobs.@Nullable Hit hit = known.findLoading(ref.id(), ref.at().rawBytes());
      if (hit == null || hit.at().equals(ref.at())) {
        return false;
      }
      try {
        openAt(codec, kind, ref.id(), hit.at(), target);
        return true;
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
        if (!StoreFailure.isMissing(e) || !vanished.add(hit.at().pack())) {
          return false;
        }
        known.refresh();
      }
    }
    return false;
  }

  private boolean openLastResort(BlobCodec codec, int kind, Ref ref, ByteBuffer target) {
    for (Location place : places(ref)) {
      try {
        openAt(codec, kind, ref.id(), place, target);
        return true;
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
      }
    }
    return false;
  }

  private void openAt(BlobCodec codec, int kind, byte[] id, Location at, ByteBuffer target) {
    byte[] sealed = codec.sealedBuffer(at);
    StoreReads.range(store, at.pack().objectName(), at.offset(), sealed, at.sealedBytes());
    if (!codec.open(kind, id, at, sealed, 0, target)) {
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
