package io.sendense.recovery.ntfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.InlineContent;
import io.sendense.recovery.fs.Xattr;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A file or directory. Security descriptors are not read: owner and mode are made up. */
final class NtfsFile implements GuestFile {
  private static final int READ_ONLY = 1;
  private static final long EPOCH_SECONDS = -11_644_473_600L;
  private static final long TICKS = 10_000_000L;

  private final NtfsFileSystem system;
  private final NtfsRecord record;

  NtfsFile(NtfsFileSystem system, NtfsRecord record) {
    this.system = system;
    this.record = record;
  }

  @Override
  public Attributes attributes() {
    Optional<Bytes> standard = record.value(NtfsAttribute.STANDARD, "times");
    Optional<byte[]> target = reparse().flatMap(Reparse::target);
    FileKind kind =
        target.isPresent()
            ? FileKind.SYMLINK
            : record.directory() ? FileKind.DIRECTORY : FileKind.FILE;
    int flags = standard.map(bytes -> bytes.i32(32)).orElse(0);
    int mode = (flags & READ_ONLY) != 0 ? 0555 : 0755;
    long names =
        record.all(NtfsAttribute.FILE_NAME).stream()
            .filter(name -> name.resident() && name.value("name").u8(65) != NtfsIndex.DOS)
            .count();
    long size =
        switch (kind) {
          case SYMLINK -> target.orElseThrow().length;
          case FILE -> record.first(NtfsAttribute.DATA, "").map(NtfsFile::size).orElse(0L);
          default -> 0;
        };
    return new Attributes(
        kind,
        record.number(),
        size,
        kind == FileKind.FILE ? mode & 0666 : mode,
        false,
        0,
        0,
        kind == FileKind.FILE ? Math.max(1, names) : 1,
        standard.map(bytes -> time(bytes.i64(8))).orElse(Instant.EPOCH),
        standard.map(bytes -> time(bytes.i64(24))).orElse(Instant.EPOCH),
        standard.map(bytes -> time(bytes.i64(16))).orElse(Instant.EPOCH),
        standard.map(bytes -> time(bytes.i64(0))),
        0,
        0);
  }

  @Override
  public Content content() {
    if (record.directory()) {
      throw record.bytes().damaged("a directory was asked for its content");
    }
    reparse().ifPresent(Reparse::requirePlainContent);
    return record.first(NtfsAttribute.DATA, "").map(record::content).orElseGet(InlineContent::new);
  }

  @Override
  public void entries(Entry.Visitor visitor) {
    if (!record.directory()) {
      throw record.bytes().damaged("it is not a directory");
    }
    new NtfsIndex(system, record, visitor).all();
  }

  @Override
  public byte[] target() {
    return reparse()
        .flatMap(Reparse::target)
        .orElseThrow(() -> record.bytes().damaged("it is not a symbolic link"));
  }

  @Override
  public List<Xattr> xattrs() {
    return List.of();
  }

  @Override
  public List<Stream> streams() {
    return record.all(NtfsAttribute.DATA).stream()
        .filter(one -> !one.name().isEmpty() && one.first() == 0)
        .map(one -> new Stream(one.name(), record.content(one)))
        .toList();
  }

  /** Names differ by more than the case of their letters. */
  @Override
  public boolean sameName(GuestName one, GuestName other) {
    return one.toString().equalsIgnoreCase(other.toString());
  }

  private Optional<Reparse> reparse() {
    return record
        .first(NtfsAttribute.REPARSE, "")
        .map(one -> record.all(record.content(one), Reparse.MOST))
        .map(
            raw ->
                new Reparse(
                    Bytes.of(raw, "NTFS", "reparse point of record " + record.number(), 0)));
  }

  private static long size(NtfsAttribute data) {
    return data.resident() ? data.bytes().u32(16) : data.bytes().u63(48, "its size");
  }

  private static Instant time(long ticks) {
    return Instant.ofEpochSecond(
        EPOCH_SECONDS + Math.floorDiv(ticks, TICKS), Math.floorMod(ticks, TICKS) * 100);
  }
}
