package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** An NTFS file system. Its log is not replayed; that it was not closed is noted. */
public final class NtfsFileSystem implements GuestFileSystem {
  private static final long ROOT = 5;
  private static final long LOG = 2;
  private static final long VOLUME = 3;
  private static final long BITMAP = 6;
  private static final int DIRTY = 1;
  private static final long NUMBER = 0xFFFF_FFFF_FFFFL;

  private final NtfsVolume volume;
  private final List<String> notes = new ArrayList<>();
  private String label = "";
  private @Nullable Content table;

  private NtfsFileSystem(NtfsVolume volume) {
    this.volume = volume;
    long start = volume.mftCluster() * volume.clusterBytes();
    byte[] raw = new byte[volume.recordBytes()];
    volume.volume().read(start, ByteBuffer.wrap(raw));
    NtfsRecord first = new NtfsRecord(this, 0, volume.fixed(raw, "FILE", "record 0", start));
    grow(first);
    NtfsRecord told = record(VOLUME);
    label =
        told.value(NtfsAttribute.VOLUME_NAME, "name")
            .map(name -> new String(name.copy(0, name.length()), StandardCharsets.UTF_16LE))
            .orElse("");
    if (told.value(NtfsAttribute.VOLUME_INFORMATION, "information")
        .filter(information -> (information.u16(10) & DIRTY) != 0)
        .isPresent()) {
      notes.add("it was not closed and its log is not replayed: newest changes may be half done");
    }
  }

  /** Whether the source begins as one of these does. */
  public static boolean isThere(BlockSource source) {
    return source.sizeBytes() >= 512 && NtfsVolume.isThere(new Volume(source, "NTFS"));
  }

  /**
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED, GUEST_UNSUPPORTED
   */
  public static NtfsFileSystem open(BlockSource source) {
    return new NtfsFileSystem(new NtfsVolume(new Volume(source, "NTFS")));
  }

  @Override
  public String type() {
    return "ntfs";
  }

  @Override
  public String label() {
    return label;
  }

  @Override
  public String uuid() {
    return volume.serial();
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public GuestFile root() {
    return new NtfsFile(this, record(ROOT));
  }

  /** Whether nothing waits in its log, and nobody asked for it to be checked. */
  public boolean clean() {
    return notes.isEmpty()
        && record(LOG)
            .first(NtfsAttribute.DATA, "")
            .map(log -> NtfsLog.clean(record(LOG).content(log)))
            .orElse(true);
  }

  @Override
  public OptionalLong freeBytes() {
    NtfsRecord bitmap = record(BITMAP);
    Optional<Content> bits = bitmap.first(NtfsAttribute.DATA, "").map(bitmap::content);
    if (bits.isEmpty()) {
      return OptionalLong.empty();
    }
    long used = 0;
    byte[] piece = new byte[1 << 16];
    long bytes = Math.min(bits.get().sizeBytes(), (volume.clusters() + 7) / 8);
    for (long at = 0; at < bytes; at += piece.length) {
      int count = (int) Math.min(piece.length, bytes - at);
      bits.get().read(at, ByteBuffer.wrap(piece, 0, count));
      for (int i = 0; i < count; i++) {
        used += Integer.bitCount(piece[i] & 0xFF);
      }
    }
    return OptionalLong.of(Math.max(0, volume.clusters() - used) * volume.clusterBytes());
  }

  NtfsVolume volume() {
    return volume;
  }

  NtfsRecord record(long number) {
    return new NtfsRecord(this, number, recordBytes(number, Optional.empty()));
  }

  /** The record that an index names; its number's upper bits tell of a later file in its place. */
  NtfsFile file(long reference) {
    NtfsRecord record = record(reference & NUMBER);
    int sequence = (int) (reference >>> 48);
    if (!record.inUse() || (sequence != 0 && sequence != record.bytes().u16(16))) {
      throw record.bytes().damaged("it is not the file that its directory means");
    }
    return new NtfsFile(this, record);
  }

  /** The file table itself is known by its first record, then by those that this one names. */
  void grow(NtfsRecord record) {
    if (record.number() == 0) {
      table =
          record
              .first(NtfsAttribute.DATA, "")
              .map(record::content)
              .orElseThrow(() -> record.bytes().damaged("the file table has no content"));
    }
  }

  /**
   * @param base the record of which the wanted one must be a part
   */
  Bytes recordBytes(long number, Optional<Long> base) {
    Content all = table;
    int length = volume.recordBytes();
    String what = "record " + number;
    if (all == null) {
      throw volume.volume().damaged(what, 0, "the file table's first record does not stand alone");
    }
    if (number < 0 || number >= all.sizeBytes() / length) {
      throw volume.volume().damaged(what, 0, "the file table ends before it");
    }
    byte[] raw = new byte[length];
    all.read(number * length, ByteBuffer.wrap(raw));
    Bytes bytes = volume.fixed(raw, "FILE", what, number * length);
    long of = bytes.i64(32) & NUMBER;
    if (base.isPresent() ? of != base.get() : of != 0) {
      throw bytes.damaged("it is a part of record " + of);
    }
    return bytes;
  }
}
