package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.InlineContent;
import io.sendense.recovery.fs.MappedContent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file's record with what its attribute list names in others ("MFT entry", "Attribute list"). */
final class NtfsRecord {
  private static final int IN_USE = 1;
  private static final int DIRECTORY = 2;
  private static final int MOST_LIST = 1 << 20;
  private static final long NUMBER = 0xFFFF_FFFF_FFFFL;

  private final NtfsFileSystem system;
  private final long number;
  private final Bytes bytes;
  private final List<NtfsAttribute> attributes = new ArrayList<>();

  NtfsRecord(NtfsFileSystem system, long number, Bytes bytes) {
    this.system = system;
    this.number = number;
    this.bytes = bytes;
    own(bytes, attributes);
    // A list is needed where the attributes do not fit into one record.
    attributes.stream()
        .filter(one -> one.type() == NtfsAttribute.LIST)
        .findFirst()
        .ifPresent(this::gather);
  }

  private static void own(Bytes bytes, List<NtfsAttribute> into) {
    int at = bytes.u16(20);
    long end = Math.min(bytes.u32(24), bytes.length());
    while (at + 8 <= end && bytes.i32(at) != -1) {
      long length = bytes.u32(at + 4);
      if (length < 24 || length % 8 != 0 || length > end - at) {
        throw bytes.damaged("an attribute of " + length + " bytes at " + at);
      }
      into.add(NtfsAttribute.of(bytes.part(at, (int) length, "attribute of record at " + at)));
      at += (int) length;
    }
  }

  private void gather(NtfsAttribute list) {
    // The file table's own list is in records that its first part already reaches.
    system.grow(this);
    byte[] raw = all(content(list), MOST_LIST);
    Bytes entries = Bytes.of(raw, "NTFS", "attribute list of record " + number, bytes.offset());
    Map<Long, List<NtfsAttribute>> others = new HashMap<>();
    int at = 0;
    while (at + 26 <= entries.length()) {
      int length = entries.u16(at + 4);
      if (length < 26) {
        throw entries.damaged("an entry of " + length + " bytes at " + at);
      }
      long record = entries.i64(at + 16) & NUMBER;
      if (record != number && !others.containsKey(record)) {
        List<NtfsAttribute> found = new ArrayList<>();
        own(system.recordBytes(record, Optional.of(number)), found);
        others.put(record, found);
        attributes.addAll(found);
        system.grow(this);
      }
      at += length;
    }
  }

  boolean inUse() {
    return (bytes.u16(22) & IN_USE) != 0;
  }

  boolean directory() {
    return (bytes.u16(22) & DIRECTORY) != 0;
  }

  long number() {
    return number;
  }

  Bytes bytes() {
    return bytes;
  }

  List<NtfsAttribute> all(int type) {
    return attributes.stream().filter(one -> one.type() == type).toList();
  }

  Optional<NtfsAttribute> first(int type, String name) {
    return attributes.stream()
        .filter(one -> one.type() == type && one.name().equals(name) && one.first() == 0)
        .findFirst();
  }

  Optional<Bytes> value(int type, String what) {
    return first(type, "")
        .filter(NtfsAttribute::resident)
        .map(one -> one.value(what + " of record " + number));
  }

  /** The content of an attribute of which this is the first part. */
  Content content(NtfsAttribute head) {
    String what = "attribute 0x" + Integer.toHexString(head.type()) + " of record " + number;
    if (head.encrypted()) {
      throw system.volume().volume().unsupported("record " + number + " is encrypted by EFS");
    }
    if (head.resident()) {
      Bytes value = head.value(what);
      return new InlineContent(value.copy(0, value.length()));
    }
    long size = head.bytes().u63(48, "its size");
    long written = Math.min(size, head.bytes().u63(56, "its initialised size"));
    Runs runs = runs(head, what);
    if (head.compressed() && head.bytes().u16(34) != 0) {
      return new CompressedContent(
          system.volume(), runs, size, written, head.bytes().u16(34), what);
    }
    MappedContent.Mapper mapper =
        offset -> {
          if (offset >= written) {
            return MappedContent.Extent.zeros(offset, size - offset);
          }
          MappedContent.Extent found = runs.at(offset);
          long length = Math.min(found.length(), written - found.start());
          return new MappedContent.Extent(found.start(), length, found.place());
        };
    return new MappedContent(system.volume().volume(), size, mapper);
  }

  private Runs runs(NtfsAttribute head, String what) {
    Runs runs = new Runs(system.volume(), what);
    attributes.stream()
        .filter(
            one -> one.type() == head.type() && one.name().equals(head.name()) && !one.resident())
        .sorted(java.util.Comparator.comparingLong(NtfsAttribute::first))
        .forEach(one -> runs.add(one.runs(), one.first()));
    return runs;
  }

  byte[] all(Content content, int most) {
    if (content.sizeBytes() > most) {
      throw bytes.damaged("an attribute of " + content.sizeBytes() + " bytes");
    }
    byte[] all = new byte[(int) content.sizeBytes()];
    content.read(0, ByteBuffer.wrap(all));
    return all;
  }
}
