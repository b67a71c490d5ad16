package io.sendense.repository.format;

/** One blob as a pack's own list and the indexes name it: 45 bytes. */
record PackEntry(int kind, Ref ref) {
  static final int BYTES = 45;

  static PackEntry read(ByteReader in, PackId pack) {
    int kind = in.u8();
    return new PackEntry(kind, new Ref(in.raw(Ref.ID_BYTES), Location.read(in, pack)));
  }

  void write(ByteWriter out) {
    out.u8(kind).raw(ref.id());
    ref.at().write(out);
  }

  /** Longest raw length that a blob of this kind may have. */
  static int rawMax(int kind) {
    return kind == BlobCodec.CHUNK ? RepositorySettings.CHUNK_BYTES_MAX : Node.BYTES_MAX;
  }
}
