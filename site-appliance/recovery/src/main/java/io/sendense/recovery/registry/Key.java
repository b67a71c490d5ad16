package io.sendense.recovery.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A key: names with values, and further keys. Any call may fail with GUEST_DAMAGED or
 * GUEST_UNSUPPORTED; after one that was to change something, the hive is to be given up.
 */
public final class Key {
  private static final int SIGNATURE = 0x6B6E; // "nk"
  private static final int NARROW = 0x20;
  private static final int FLAGS = 2;
  private static final int CHANGED = 4;
  private static final int PARENT = 16;
  private static final int KEYS = 20;
  private static final int KEY_LIST = 28;
  private static final int SECURITY = 44;
  private static final int CLASS = 48;
  private static final int LONGEST_KEY_NAME = 52;
  private static final int NAME_LENGTH = 72;
  private static final int NAME = 76;
  private static final int MOST_NAME = 255;
  private static final int MOST_DEPTH = 64;

  /** In a key of security: how many keys have it. */
  private static final int USES = 12;

  private final Hive hive;
  private final Cells cells;
  private final int offset;

  private Key(Hive hive, int offset) {
    this.hive = hive;
    this.cells = hive.cells();
    this.offset = offset;
    if (cells.u16(offset, 0) != SIGNATURE) {
      throw cells.pages().damaged(offset, "no key is where one should be");
    }
  }

  static Key open(Hive hive, int offset) {
    return new Key(hive, offset);
  }

  public String name() {
    return Names.text(
        cells.copy(offset, NAME, cells.u16(offset, NAME_LENGTH)),
        (cells.u16(offset, FLAGS) & NARROW) != 0);
  }

  /** In the order in which they are listed. */
  public List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    for (int key : new Subkeys(hive).all(keyList())) {
      keys.add(new Key(hive, key));
    }
    return keys;
  }

  /** The key of this name, whatever its case. */
  public Optional<Key> key(String name) {
    for (int key : new Subkeys(hive).all(keyList())) {
      Key found = new Key(hive, key);
      if (Names.same(found.name(), name)) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** The key of this name; where it is missing it is made, with this key's security. */
  public Key make(String name) {
    return key(name).orElseGet(() -> added(name));
  }

  /** Removes a key with all in it; nothing where it is missing. */
  public void remove(String name) {
    Optional<Key> found = key(name);
    if (found.isEmpty()) {
      return;
    }
    int list = new Subkeys(hive).without(keyList(), found.get().offset);
    found.get().free(0);
    cells.put32(offset, KEYS, cells.i32(offset, KEYS) - 1);
    cells.put32(offset, KEY_LIST, list);
    cells.put64(offset, CHANGED, hive.change());
  }

  public Map<String, Value> values() {
    Map<String, Value> all = new TreeMap<>(Names::compare);
    new Values(hive, offset).each((name, value) -> all.put(name, value.get()));
    return all;
  }

  /**
   * @param name empty for a key's own value
   */
  public Optional<Value> value(String name) {
    return new Values(hive, offset).find(name);
  }

  /** Makes a value or replaces it; one that is just so already changes nothing. */
  public void set(String name, Value value) {
    if (new Values(hive, offset).set(checked(name, 0), value)) {
      cells.put64(offset, CHANGED, hive.change());
    }
  }

  private Key added(String name) {
    int security = cells.i32(offset, SECURITY);
    byte[] bytes = Names.bytes(checked(name, 1));
    ByteBuffer key = ByteBuffer.allocate(NAME + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    key.putShort(0, (short) SIGNATURE);
    key.putShort(FLAGS, (short) (Names.narrow(name) ? NARROW : 0));
    key.putLong(CHANGED, hive.change());
    key.putInt(PARENT, offset);
    key.putInt(KEY_LIST, Cells.NONE);
    key.putInt(KEY_LIST + 4, Cells.NONE);
    key.putInt(Values.LIST, Cells.NONE);
    key.putInt(SECURITY, security);
    key.putInt(CLASS, Cells.NONE);
    key.putShort(NAME_LENGTH, (short) bytes.length);
    key.put(NAME, bytes);
    int made = cells.add(key.array());
    if (security != Cells.NONE) {
      cells.put32(security, USES, cells.i32(security, USES) + 1);
    }
    cells.put32(offset, KEY_LIST, new Subkeys(hive).with(keyList(), made));
    cells.put32(offset, KEYS, cells.i32(offset, KEYS) + 1);
    // The upper half holds flags in newer versions.
    if (cells.u16(offset, LONGEST_KEY_NAME) < 2 * name.length()) {
      cells.put16(offset, LONGEST_KEY_NAME, 2 * name.length());
    }
    cells.put64(offset, CHANGED, hive.change());
    return new Key(hive, made);
  }

  private void free(int depth) {
    if (depth > MOST_DEPTH) {
      throw cells.pages().damaged(offset, "keys lie more than " + MOST_DEPTH + " deep");
    }
    for (Key key : keys()) {
      key.free(depth + 1);
    }
    new Subkeys(hive).free(keyList());
    new Values(hive, offset).free();
    int name = cells.i32(offset, CLASS);
    if (name != Cells.NONE) {
      cells.free(name);
    }
    int security = cells.i32(offset, SECURITY);
    if (security != Cells.NONE && cells.i32(security, USES) > 1) {
      cells.put32(security, USES, cells.i32(security, USES) - 1);
    }
    cells.free(offset);
  }

  /** A count of none may stand beside a list that means nothing. */
  private int keyList() {
    return cells.i32(offset, KEYS) == 0 ? Cells.NONE : cells.i32(offset, KEY_LIST);
  }

  private static String checked(String name, int least) {
    if (name.length() < least || name.length() > MOST_NAME || name.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("\"" + name + "\" cannot be a name in a registry");
    }
    return name;
  }
}
