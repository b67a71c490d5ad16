package io.sendense.recovery.registry;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.fs.Content;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file in pages: those that were read last are kept, and those that were written until the end.
 */
final class Pages {
  static final int PAGE = Patch.PAGE;
  private static final int MOST_KEPT = 1024;

  private final Content content;
  private final String name;
  private final TreeMap<Integer, byte[]> written = new TreeMap<>();
  private final Map<Integer, byte[]> kept =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
          return size() > MOST_KEPT;
        }
      };

  Pages(Content content, String name) {
    this.content = content;
    this.name = name;
  }

  int u8(long at) {
    return page(at)[(int) (at % PAGE)] & 0xFF;
  }

  int u16(long at) {
    return u8(at) | u8(at + 1) << 8;
  }

  int i32(long at) {
    return u16(at) | u16(at + 2) << 16;
  }

  byte[] copy(long at, int count) {
    byte[] bytes = new byte[count];
    for (int done = 0; done < count; ) {
      int from = (int) ((at + done) % PAGE);
      int length = Math.min(PAGE - from, count - done);
      System.arraycopy(page(at + done), from, bytes, done, length);
      done += length;
    }
    return bytes;
  }

  void put(long at, byte... bytes) {
    for (int done = 0; done < bytes.length; ) {
      int from = (int) ((at + done) % PAGE);
      int length = Math.min(PAGE - from, bytes.length - done);
      System.arraycopy(bytes, done, writable(at + done), from, length);
      done += length;
    }
  }

  void put16(long at, int value) {
    put(at, (byte) value, (byte) (value >> 8));
  }

  void put32(long at, int value) {
    put(at, (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24));
  }

  void put64(long at, long value) {
    put32(at, (int) value);
    put32(at + 4, (int) (value >> 32));
  }

  /** What was written, in whole pages and ascending; neighbours together. */
  List<Patch> patches() {
    List<Patch> patches = new ArrayList<>();
    int first = -1;
    List<byte[]> run = new ArrayList<>();
    for (Map.Entry<Integer, byte[]> page : written.entrySet()) {
      if (first >= 0 && page.getKey() != first + run.size()) {
        patches.add(patch(first, run));
        run.clear();
      }
      if (run.isEmpty()) {
        first = page.getKey();
      }
      run.add(page.getValue());
    }
    if (!run.isEmpty()) {
      patches.add(patch(first, run));
    }
    return patches;
  }

  private static Patch patch(int first, List<byte[]> pages) {
    byte[] bytes = new byte[pages.size() * PAGE];
    for (int i = 0; i < pages.size(); i++) {
      System.arraycopy(pages.get(i), 0, bytes, i * PAGE, PAGE);
    }
    return new Patch((long) first * PAGE, bytes);
  }

  private byte[] writable(long at) {
    int number = (int) (at / PAGE);
    byte[] page = written.get(number);
    if (page == null) {
      page = (long) number * PAGE >= content.sizeBytes() ? new byte[PAGE] : page(at).clone();
      written.put(number, page);
      kept.remove(number);
    }
    return page;
  }

  private byte[] page(long at) {
    int number = (int) (at / PAGE);
    byte[] page = written.get(number);
    if (page == null) {
      page = kept.get(number);
    }
    if (page == null) {
      page = read(number);
      kept.put(number, page);
    }
    return page;
  }

  private byte[] read(int number) {
    long from = (long) number * PAGE;
    int there = (int) Math.min(PAGE, content.sizeBytes() - from);
    if (number < 0 || there <= 0) {
      throw damaged(from, "the file ends before it");
    }
    byte[] page = new byte[PAGE];
    content.read(from, ByteBuffer.wrap(page, 0, there));
    return page;
  }

  long sizeBytes() {
    return content.sizeBytes();
  }

  SendenseException damaged(long at, String what) {
    return Guest.damaged("registry hive", name, at, what);
  }

  SendenseException unsupported(String what) {
    return Guest.unsupported("registry hive " + name, what);
  }
}
