package io.sendense.recovery.fat;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.InlineContent;
import io.sendense.recovery.fs.MappedContent;
import io.sendense.recovery.fs.Xattr;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file or directory ("FAT Directory Structure"). */
final class FatFile implements GuestFile {
  private static final int READ_ONLY = 0x01;
  private static final int FOLDER = 0x10;
  // Files are told apart by where their entry lies; above every cluster number.
  private static final long FILES = 1L << 40;

  private final FatFileSystem system;
  private final @Nullable Bytes entry;
  private final String name;

  FatFile(FatFileSystem system, @Nullable Bytes entry, String name) {
    this.system = system;
    this.entry = entry;
    this.name = "\"" + name + "\"";
  }

  static FatFile root(FatFileSystem system) {
    return new FatFile(system, null, "/");
  }

  @Override
  public Attributes attributes() {
    Bytes has = entry;
    if (has == null) {
      return attributes(FileKind.DIRECTORY, 0, 0, 0755, Instant.EPOCH, Instant.EPOCH, null);
    }
    boolean folder = (has.u8(11) & FOLDER) != 0;
    int write = (has.u8(11) & READ_ONLY) != 0 ? 0555 : 0755;
    Instant written = time(has.u16(24), has.u16(22), 0);
    return attributes(
        folder ? FileKind.DIRECTORY : FileKind.FILE,
        folder ? system.firstCluster(has) : FILES + has.offset(),
        folder ? 0 : has.u32(28),
        folder ? write : write & 0666,
        written,
        time(has.u16(18), 0, 0),
        has.u16(16) == 0 ? null : time(has.u16(16), has.u16(14), has.u8(13)));
  }

  private static Attributes attributes(
      FileKind kind,
      long id,
      long size,
      int mode,
      Instant written,
      Instant read,
      @Nullable Instant made) {
    return new Attributes(
        kind,
        id,
        size,
        mode,
        false,
        0,
        0,
        1,
        written,
        read,
        written,
        Optional.ofNullable(made),
        0,
        0);
  }

  @Override
  public Content content() {
    Bytes has = entry;
    if (has == null || (has.u8(11) & FOLDER) != 0) {
      throw system.volume().damaged(name, 0, "a directory was asked for its content");
    }
    long size = has.u32(28);
    if (size == 0) {
      return new InlineContent();
    }
    long length = (size + system.clusterBytes() - 1) / system.clusterBytes();
    return new MappedContent(
        system.volume(), size, new Chain(system, system.firstCluster(has), length, name));
  }

  @Override
  public void entries(Entry.Visitor visitor) {
    FatDirectory directory = new FatDirectory(system, visitor);
    Bytes has = entry;
    if (has == null && system.rootEntries() > 0) {
      directory.fixedRoot();
      return;
    }
    if (has != null && (has.u8(11) & FOLDER) == 0) {
      throw has.damaged("it is not a directory");
    }
    directory.chain(has == null ? system.rootCluster() : system.firstCluster(has), name);
  }

  @Override
  public byte[] target() {
    throw system.volume().damaged(name, 0, "FAT has no symbolic links");
  }

  @Override
  public List<Xattr> xattrs() {
    return List.of();
  }

  /** Names differ by more than the case of their letters. */
  @Override
  public boolean sameName(GuestName one, GuestName other) {
    return one.toString().equalsIgnoreCase(other.toString());
  }

  private static Instant time(int date, int time, int hundredths) {
    try {
      return LocalDateTime.of(
              1980 + (date >> 9),
              date >> 5 & 0xF,
              date & 0x1F,
              time >> 11,
              time >> 5 & 0x3F,
              2 * (time & 0x1F))
          .plusNanos(hundredths * 10_000_000L)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      // Many devices write 0 for a date they do not know.
      return Instant.EPOCH;
    }
  }
}
