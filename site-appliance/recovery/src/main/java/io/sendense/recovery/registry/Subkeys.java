package io.sendense.recovery.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of a key's keys: one leaf in the order of their names, or leaves under an index. A
 * change makes new cells and frees the old ones.
 */
final class Subkeys {
  private static final int LEAF = 0x696C; // "li": offsets
  private static final int HINTED = 0x666C; // "lf": and their first letters
  private static final int HASHED = 0x686C; // "lh": and their hashes
  private static final int INDEX = 0x6972; // "ri": offsets of leaves
  private static final int MOST_IN_LEAF = 500;
  private static final int MOST = 1 << 17;

  private final Hive hive;
  private final Cells cells;

  Subkeys(Hive hive) {
    this.hive = hive;
    this.cells = hive.cells();
  }

  /** Offsets of the keys. */
  List<Integer> all(int list) {
    List<Integer> found = new ArrayList<>();
    for (int leaf : leaves(list)) {
      found.addAll(entries(leaf));
      if (found.size() > MOST) {
        throw cells.pages().unsupported("a key has more than " + MOST + " keys");
      }
    }
    return found;
  }

  /** Adds a key and gives the list that holds it. */
  int with(int list, int key) {
    String name = Key.open(hive, key).name();
    List<Integer> leaves = new ArrayList<>(leaves(list));
    if (leaves.isEmpty()) {
      return leaf(hive.minor() >= 5 ? HASHED : HINTED, List.of(key));
    }
    int place = 0;
    while (place + 1 < leaves.size() && !isBefore(name, leaves.get(place + 1))) {
      place++;
    }
    int old = leaves.get(place);
    List<Integer> entries = new ArrayList<>(entries(old));
    int at = 0;
    while (at < entries.size() && compare(entries.get(at), name) < 0) {
      at++;
    }
    entries.add(at, key);
    int kind = cells.u16(old, 0);
    cells.free(old);
    leaves.remove(place);
    if (entries.size() <= MOST_IN_LEAF) {
      leaves.add(place, leaf(kind, entries));
    } else {
      int half = entries.size() / 2;
      leaves.add(place, leaf(kind, entries.subList(half, entries.size())));
      leaves.add(place, leaf(kind, entries.subList(0, half)));
    }
    return joined(list, old, leaves);
  }

  /** Takes a key out and gives the list that is left; NONE where that is empty. */
  int without(int list, int key) {
    List<Integer> leaves = new ArrayList<>(leaves(list));
    for (int place = 0; place < leaves.size(); place++) {
      int old = leaves.get(place);
      List<Integer> entries = new ArrayList<>(entries(old));
      if (entries.remove((Integer) key)) {
        int kind = cells.u16(old, 0);
        cells.free(old);
        leaves.remove(place);
        if (!entries.isEmpty()) {
          leaves.add(place, leaf(kind, entries));
        }
        return joined(list, old, leaves);
      }
    }
    throw cells.pages().damaged(list, "a key is not in its parent's list");
  }

  /** Frees the list itself. */
  void free(int list) {
    List<Integer> leaves = leaves(list);
    leaves.forEach(cells::free);
    if (!leaves.isEmpty() && leaves.getFirst() != list) {
      cells.free(list);
    }
  }

  private int joined(int list, int changed, List<Integer> leaves) {
    if (list != changed) {
      cells.free(list);
    }
    if (leaves.size() < 2) {
      return leaves.isEmpty() ? Cells.NONE : leaves.getFirst();
    }
    byte[] index = new byte[4 + 4 * leaves.size()];
    ByteBuffer out = head(index, INDEX, leaves.size());
    leaves.forEach(out::putInt);
    return cells.add(index);
  }

  private boolean isBefore(String name, int leaf) {
    List<Integer> entries = entries(leaf);
    return entries.isEmpty() || compare(entries.getFirst(), name) > 0;
  }

  private int compare(int key, String name) {
    return Names.compare(Key.open(hive, key).name(), name);
  }

  private int leaf(int kind, List<Integer> entries) {
    byte[] leaf = new byte[4 + entries.size() * (kind == LEAF ? 4 : 8)];
    ByteBuffer out = head(leaf, kind, entries.size());
    for (int entry : entries) {
      out.putInt(entry);
      if (kind != LEAF) {
        String name = Key.open(hive, entry).name();
        out.putInt(kind == HASHED ? Names.hash(name) : Names.hint(name));
      }
    }
    return cells.add(leaf);
  }

  private static ByteBuffer head(byte[] list, int kind, int count) {
    return ByteBuffer.wrap(list)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) kind)
        .putShort((short) count);
  }

  private List<Integer> leaves(int list) {
    if (list == Cells.NONE) {
      return List.of();
    }
    if (cells.u16(list, 0) != INDEX) {
      return List.of(list);
    }
    return offsets(list, 4);
  }

  private List<Integer> entries(int leaf) {
    int kind = cells.u16(leaf, 0);
    if (kind != LEAF && kind != HINTED && kind != HASHED) {
      throw cells.pages().damaged(leaf, "a list of keys of the kind " + Integer.toHexString(kind));
    }
    return offsets(leaf, kind == LEAF ? 4 : 8);
  }

  private List<Integer> offsets(int list, int width) {
    int count = cells.u16(list, 2);
    ByteBuffer all =
        ByteBuffer.wrap(cells.copy(list, 4, count * width)).order(ByteOrder.LITTLE_ENDIAN);
    List<Integer> offsets = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      offsets.add(all.getInt(i * width));
    }
    return offsets;
  }
}
