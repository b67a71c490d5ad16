package io.sendense.repository.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a disk's tree, docs/formats/repository.md 3.7. Immutable. */
final class Node {
  static final int FANOUT = 128;
  static final int FANOUT_BITS = 7;
  static final int LEVELS_MAX = 8;

  private static final int BITMAP_BYTES = FANOUT / 8;
  static final int BYTES_MAX =
      4 + BITMAP_BYTES + FANOUT * (PackId.BYTES + Ref.ID_BYTES + 2 + 3 * 4);

  private final int level;
  private final @Nullable Ref[] children;

  private Node(int level, @Nullable Ref[] children) {
    this.level = level;
    this.children = children;
  }

  static Node of(int level, @Nullable Ref[] children) {
    if (children.length != FANOUT) {
      throw new IllegalArgumentException("a node has " + FANOUT + " places");
    }
    return new Node(level, children.clone());
  }

  int level() {
    return level;
  }

  /** The child at a place; null where it is all zeros. */
  @Nullable Ref child(int place) {
    return children[place];
  }

  @Nullable Ref[] children() {
    return children.clone();
  }

  boolean isEmpty() {
    for (Ref child : children) {
      if (child != null) {
        return false;
      }
    }
    return true;
  }

  byte[] id(BlobCodec codec) {
    ByteWriter identity = new ByteWriter();
    identity.u8(level).raw(bitmap());
    for (Ref child : children) {
      if (child != null) {
        identity.raw(child.id());
      }
    }
    return codec.nodeId(identity.toBytes());
  }

  boolean hasId(BlobCodec codec, byte[] expected) {
    return java.util.Arrays.equals(id(codec), expected);
  }

  byte[] encode() {
    Map<PackId, Integer> packs = new LinkedHashMap<>();
    for (Ref child : children) {
      if (child != null) {
        packs.putIfAbsent(child.at().pack(), packs.size());
      }
    }
    ByteWriter out = new ByteWriter();
    out.u8(level).u8(0).u16(packs.size()).raw(bitmap());
    packs.keySet().forEach(pack -> pack.write(out));
    for (Ref child : children) {
      if (child != null) {
        out.raw(child.id()).u16(packs.getOrDefault(child.at().pack(), 0));
        child.at().write(out);
      }
    }
    return out.toBytes();
  }

  static Node decode(String object, byte[] bytes) {
    ByteReader in = new ByteReader(object, bytes);
    int level = in.u8();
    int zero = in.u8();
    int packCount = in.u16();
    if (level >= LEVELS_MAX || zero != 0 || packCount > FANOUT) {
      throw Damage.of(object, "a tree node in it does not fit");
    }
    byte[] bitmap = in.raw(BITMAP_BYTES);
    List<PackId> packs = new ArrayList<>(packCount);
    for (int i = 0; i < packCount; i++) {
      packs.add(PackId.read(in));
    }
    @Nullable Ref[] children = new @Nullable Ref[FANOUT];
    int rawMax = PackEntry.rawMax(level == 0 ? BlobCodec.CHUNK : BlobCodec.NODE);
    for (int place = 0; place < FANOUT; place++) {
      if ((bitmap[place / 8] & 1 << place % 8) == 0) {
        continue;
      }
      byte[] id = in.raw(Ref.ID_BYTES);
      int pack = in.u16();
      if (pack >= packCount) {
        throw Damage.of(object, "a tree node in it names a pack it does not list");
      }
      Location at = Location.read(in, packs.get(pack));
      if (!at.plausible(rawMax)) {
        throw Damage.of(object, "a tree node in it names an impossible place");
      }
      children[place] = new Ref(id, at);
    }
    in.end();
    return new Node(level, children);
  }

  private byte[] bitmap() {
    byte[] bitmap = new byte[BITMAP_BYTES];
    for (int place = 0; place < FANOUT; place++) {
      if (children[place] != null) {
        bitmap[place / 8] |= (byte) (1 << place % 8);
      }
    }
    return bitmap;
  }
}
