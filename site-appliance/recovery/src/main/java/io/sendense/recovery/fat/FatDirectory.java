package io.sendense.recovery.fat;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestName;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Entries of a directory, with the long names before them ("FAT Long Directory Entries"). */
final class FatDirectory {
  private static final int ENTRY = 32;
  private static final int LONG = 0x0F;
  private static final int LABEL = 0x08;
  private static final int FOLDER = 0x10;
  private static final int MOST_PARTS = 20;
  private static final int PART = 13;
  // A directory has at most 65,536 entries, so that a chain which comes back to itself ends.
  private static final int MOST_ENTRIES = 65_536;
  private static final Charset OEM =
      Charset.isSupported("IBM437") ? Charset.forName("IBM437") : StandardCharsets.ISO_8859_1;

  private final FatFileSystem system;
  private final Entry.Visitor visitor;
  private final char[] longName = new char[MOST_PARTS * PART];
  private int longParts;
  private int longSum;
  private int awaited;
  private int seen;

  FatDirectory(FatFileSystem system, Entry.Visitor visitor) {
    this.system = system;
    this.visitor = visitor;
  }

  void fixedRoot() {
    entries(
        system.volume().read(system.rootOffset(), system.rootEntries() * ENTRY, "root directory"));
  }

  void chain(int first, String what) {
    int cluster = system.check(first, what);
    while (cluster != 0) {
      Bytes bytes = system.volume().read(system.place(cluster), system.clusterBytes(), what);
      if (!entries(bytes)) {
        return;
      }
      cluster = system.next(cluster, what);
    }
  }

  /** Whether the directory goes on. */
  private boolean entries(Bytes block) {
    for (int at = 0; at + ENTRY <= block.length(); at += ENTRY) {
      int first = block.u8(at);
      if (first == 0) {
        return false;
      }
      if (++seen > MOST_ENTRIES) {
        throw block.damaged("it has more than " + MOST_ENTRIES + " entries");
      }
      Bytes entry = block.part(at, ENTRY, "directory entry");
      int attributes = entry.u8(11);
      if (first == 0xE5) {
        awaited = 0;
        longParts = 0;
      } else if ((attributes & 0x3F) == LONG) {
        part(entry);
      } else {
        boolean named = longParts > 0 && awaited == 0 && longSum == sum(entry);
        GuestName name = named ? longName() : shortName(entry);
        longParts = 0;
        if ((attributes & LABEL) == 0 && !name.dots() && !visit(name, entry)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean visit(GuestName name, Bytes entry) {
    boolean folder = (entry.u8(11) & FOLDER) != 0;
    return visitor.visit(
        new Entry(
            name,
            folder ? FileKind.DIRECTORY : FileKind.FILE,
            () -> new FatFile(system, entry, name.toString())));
  }

  private void part(Bytes entry) {
    int order = entry.u8(0) & 0x3F;
    if ((entry.u8(0) & 0x40) != 0) {
      longParts = order;
      awaited = order;
      longSum = entry.u8(13);
    }
    if (order == 0 || order > MOST_PARTS || order != awaited || entry.u8(13) != longSum) {
      longParts = 0;
      return;
    }
    for (int i = 0; i < PART; i++) {
      int at = i < 5 ? 1 + 2 * i : i < 11 ? 14 + 2 * (i - 5) : 28 + 2 * (i - 11);
      longName[(order - 1) * PART + i] = (char) entry.u16(at);
    }
    awaited--;
  }

  private GuestName longName() {
    int length = 0;
    while (length < longParts * PART && longName[length] != 0) {
      length++;
    }
    return GuestName.of(new String(longName, 0, length));
  }

  private static int sum(Bytes entry) {
    int sum = 0;
    for (int i = 0; i < 11; i++) {
      sum = (((sum & 1) << 7) + (sum >> 1) + entry.u8(i)) & 0xFF;
    }
    return sum;
  }

  private static GuestName shortName(Bytes entry) {
    byte[] raw = entry.copy(0, 11);
    if ((raw[0] & 0xFF) == 0x05) {
      raw[0] = (byte) 0xE5;
    }
    String base = new String(raw, 0, 8, OEM).stripTrailing();
    String ending = new String(raw, 8, 3, OEM).stripTrailing();
    // Windows NT keeps the case of names that are all small letters in two bits.
    int small = entry.u8(12);
    base = (small & 0x08) != 0 ? base.toLowerCase(Locale.ROOT) : base;
    ending = (small & 0x10) != 0 ? ending.toLowerCase(Locale.ROOT) : ending;
    return GuestName.of(ending.isEmpty() ? base : base + "." + ending);
  }
}
