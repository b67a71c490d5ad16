package io.sendense.repository.format;

/**
 * Where a blob lies.
 *
 * @param offset in the pack object
 * @param sealedField length in the pack with the tag; the top bit says compressed
 * @param rawBytes length once opened
 */
record Location(PackId pack, int offset, int sealedField, int rawBytes) {
  static final int COMPRESSED = 1 << 31;

  static Location read(ByteReader in, PackId pack) {
    return new Location(pack, in.u32(), in.u32(), in.u32());
  }

  void write(ByteWriter out) {
    out.u32(offset).u32(sealedField).u32(rawBytes);
  }

  int sealedBytes() {
    return sealedField & ~COMPRESSED;
  }

  boolean compressed() {
    return (sealedField & COMPRESSED) != 0;
  }

  /** Whether the numbers can be true of any pack. */
  boolean plausible(int rawMax) {
    int sealed = sealedBytes();
    return offset >= Envelope.HEADER_BYTES
        && sealed > BlobCodec.TAG_BYTES
        && offset <= PackBuilder.PACK_BYTES_MAX - sealed
        && rawBytes > 0
        && rawBytes <= rawMax
        && sealed <= rawBytes + BlobCodec.TAG_BYTES;
  }
}
