package io.sendense.recovery.registry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The values of one key. */
final class Values {
  static final int LIST = 40;

  private static final int COUNT = 36;
  private static final int LONGEST_NAME = 60;
  private static final int LONGEST_DATA = 64;
  private static final int SIGNATURE = 0x6B76; // "vk"
  private static final int BIG = 0x6264; // "db"
  private static final int IN_PLACE = 0x8000_0000;
  private static final int NAME = 20;

  /** Longer data lies in pieces of this length, in hives that know pieces. */
  private static final int MOST_IN_CELL = 16_344;

  private static final int MOST_DATA = 16 << 20;
  private static final int MOST = 1 << 16;

  private final Hive hive;
  private final Cells cells;
  private final int key;

  Values(Hive hive, int key) {
    this.hive = hive;
    this.cells = hive.cells();
    this.key = key;
  }

  /** Told of each value; its data is read when it is asked for. */
  interface Visitor {
    void visit(String name, Supplier<Value> value);
  }

  void each(Visitor visitor) {
    search(
        (name, cell) -> {
          visitor.visit(name, () -> value(cell));
          return false;
        });
  }

  Optional<Value> find(String name) {
    return cell(name).map(this::value);
  }

  /** Whether something was changed. */
  boolean set(String name, Value value) {
    if (value.data().length > MOST_IN_CELL) {
      throw new IllegalArgumentException("values of pieces are not written");
    }
    Optional<Integer> there = cell(name);
    if (there.isPresent()) {
      Value old = value(there.get());
      if (old.type() == value.type() && Arrays.equals(old.data(), value.data())) {
        return false;
      }
      freeData(there.get());
      data(there.get(), value);
    } else {
      byte[] bytes = Names.bytes(name);
      ByteBuffer cell = ByteBuffer.allocate(NAME + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
      cell.putShort(0, (short) SIGNATURE);
      cell.putShort(2, (short) bytes.length);
      cell.putShort(16, (short) (!name.isEmpty() && Names.narrow(name) ? 1 : 0));
      cell.put(NAME, bytes);
      int made = cells.add(cell.array());
      data(made, value);
      list(made);
      cells.put32(key, LONGEST_NAME, Math.max(cells.i32(key, LONGEST_NAME), 2 * name.length()));
    }
    cells.put32(key, LONGEST_DATA, Math.max(cells.i32(key, LONGEST_DATA), value.data().length));
    return true;
  }

  void free() {
    search(
        (name, cell) -> {
          freeData(cell);
          cells.free(cell);
          return false;
        });
    if (count() > 0) {
      cells.free(cells.i32(key, LIST));
    }
  }

  private void data(int cell, Value value) {
    int length = value.data().length;
    if (length <= 4) {
      cells.put32(cell, 4, IN_PLACE | length);
      cells.put(cell, 8, Arrays.copyOf(value.data(), 4));
    } else {
      cells.put32(cell, 4, length);
      cells.put32(cell, 8, cells.add(value.data()));
    }
    cells.put32(cell, 12, value.type());
  }

  private void list(int made) {
    int count = count();
    ByteBuffer list = ByteBuffer.allocate(4 * count + 4).order(ByteOrder.LITTLE_ENDIAN);
    if (count > 0) {
      int old = cells.i32(key, LIST);
      list.put(cells.copy(old, 0, 4 * count));
      cells.free(old);
    }
    list.putInt(made);
    cells.put32(key, LIST, cells.add(list.array()));
    cells.put32(key, COUNT, count + 1);
  }

  private void freeData(int cell) {
    int length = cells.i32(cell, 4);
    if ((length & IN_PLACE) != 0 || length == 0) {
      return;
    }
    int data = cells.i32(cell, 8);
    if (isBig(data, length)) {
      int list = cells.i32(data, 4);
      for (int i = 0; i < cells.u16(data, 2); i++) {
        cells.free(cells.i32(list, 4 * i));
      }
      cells.free(list);
    }
    cells.free(data);
  }

  private Value value(int cell) {
    int length = cells.i32(cell, 4);
    int type = cells.i32(cell, 12);
    if ((length & IN_PLACE) != 0) {
      return new Value(type, cells.copy(cell, 8, Math.min(4, length & ~IN_PLACE)));
    }
    if (length > MOST_DATA) {
      throw cells.pages().unsupported("a value of " + length + " bytes");
    }
    if (length == 0) {
      return new Value(type, new byte[0]);
    }
    int data = cells.i32(cell, 8);
    return new Value(
        type, isBig(data, length) ? pieces(data, length) : cells.copy(data, 0, length));
  }

  private boolean isBig(int data, int length) {
    return length > MOST_IN_CELL && hive.minor() > 3 && cells.u16(data, 0) == BIG;
  }

  private byte[] pieces(int data, int length) {
    int count = cells.u16(data, 2);
    if (count != (length + MOST_IN_CELL - 1) / MOST_IN_CELL) {
      throw cells.pages().damaged(data, count + " pieces of " + length + " bytes");
    }
    int list = cells.i32(data, 4);
    byte[] all = new byte[length];
    for (int i = 0; i < count; i++) {
      int from = i * MOST_IN_CELL;
      int part = Math.min(MOST_IN_CELL, length - from);
      System.arraycopy(cells.copy(cells.i32(list, 4 * i), 0, part), 0, all, from, part);
    }
    return all;
  }

  private Optional<Integer> cell(String name) {
    int[] found = {Cells.NONE};
    search(
        (one, cell) -> {
          found[0] = Names.same(one, name) ? cell : Cells.NONE;
          return found[0] != Cells.NONE;
        });
    return found[0] == Cells.NONE ? Optional.empty() : Optional.of(found[0]);
  }

  private void search(BiPredicate<String, Integer> until) {
    int count = count();
    for (int i = 0; i < count; i++) {
      int cell = cells.i32(cells.i32(key, LIST), 4 * i);
      if (cells.u16(cell, 0) != SIGNATURE) {
        throw cells.pages().damaged(cell, "no value is where one should be");
      }
      byte[] name = cells.copy(cell, NAME, cells.u16(cell, 2));
      if (until.test(Names.text(name, (cells.u16(cell, 16) & 1) != 0), cell)) {
        return;
      }
    }
  }

  private int count() {
    int count = cells.i32(key, COUNT);
    if (count < 0 || count > MOST) {
      throw cells.pages().damaged(key, Integer.toUnsignedString(count) + " values");
    }
    return count;
  }
}
