package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a pack's own list of blobs without reading the blobs: two small reads. The list and the
 * header are authenticated by the key; the checksum of the whole pack is not looked at.
 */
final class PackList {
  private PackList() {}

  /** What an index says of a pack, from its own list and trailer. */
  static PackRecord record(ObjectStore store, Keys keys, PackId pack, int length) {
    List<PackEntry> entries = read(store, keys, pack, length);
    byte[] checksum = new byte[Envelope.CHECKSUM_BYTES];
    StoreReads.range(store, pack.objectName(), length - checksum.length, checksum, checksum.length);
    return new PackRecord(pack, length, checksum, entries);
  }

  static List<PackEntry> read(ObjectStore store, Keys keys, PackId pack, int length) {
    String object = pack.objectName().value();
    byte[] header = new byte[Envelope.HEADER_BYTES];
    StoreReads.range(store, pack.objectName(), 0, header, header.length);
    ByteBuffer fields = ByteBuffer.wrap(header);
    long clear = Integer.toUnsignedLong(fields.getInt(12));
    long blobs = Integer.toUnsignedLong(fields.getInt(16));
    long sealed = Integer.toUnsignedLong(fields.getInt(20));
    long total = header.length + clear + blobs + sealed + Envelope.CHECKSUM_BYTES;
    if (total != length || clear > 1024) {
      throw Damage.of(object, "it has " + length + " bytes where its header says " + total);
    }
    // An object of the same header without its blobs: the list is sealed over header and clear
    // section only, so it opens.
    byte[] bytes = new byte[(int) (header.length + clear + sealed)];
    StoreReads.range(store, pack.objectName(), 0, bytes, (int) (header.length + clear));
    byte[] list = new byte[(int) sealed];
    StoreReads.range(store, pack.objectName(), header.length + clear + blobs, list, list.length);
    System.arraycopy(list, 0, bytes, (int) (header.length + clear), list.length);
    Envelope envelope = Envelope.withoutBlobs(pack.objectName(), ObjectType.PACK, bytes);
    int count = PackContent.checkClear(envelope.of(keys.repositoryId()), pack);
    ByteReader in = envelope.sealedSection(ObjectType.PACK, keys.repositoryKey());
    List<PackEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      PackEntry entry = PackEntry.read(in, pack);
      if (!entry.ref().at().plausible(PackEntry.rawMax(entry.kind()))) {
        throw Damage.of(object, "its list of blobs does not fit");
      }
      entries.add(entry);
    }
    in.end();
    return entries;
  }
}
