package io.sendense.repository.format;

import java.util.List;

/** A durable pack as an index records it. */
final class PackRecord {
  private final PackId id;
  private final int lengthBytes;
  private final byte[] checksum;
  private final List<PackEntry> entries;

  PackRecord(PackId id, int lengthBytes, byte[] checksum, List<PackEntry> entries) {
    this.id = id;
    this.lengthBytes = lengthBytes;
    this.checksum = checksum.clone();
    this.entries = List.copyOf(entries);
  }

  PackId id() {
    return id;
  }

  int lengthBytes() {
    return lengthBytes;
  }

  byte[] checksum() {
    return checksum.clone();
  }

  List<PackEntry> entries() {
    return entries;
  }
}
