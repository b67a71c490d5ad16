package io.sendense.recovery;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.btrfs.BtrfsFileSystem;
import io.sendense.recovery.ext.ExtFileSystem;
import io.sendense.recovery.fat.FatFileSystem;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.ntfs.NtfsFileSystem;
import io.sendense.recovery.xfs.XfsFileSystem;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Which file systems can be read, and what is recognised beyond them. */
public final class FileSystems {
  private static final List<Reader> READERS =
      List.of(
          new Reader("ext2, ext3 or ext4", ExtFileSystem::isThere, ExtFileSystem::open),
          new Reader("XFS", XfsFileSystem::isThere, XfsFileSystem::open),
          new Reader("btrfs", BtrfsFileSystem::isThere, BtrfsFileSystem::open),
          new Reader("NTFS", NtfsFileSystem::isThere, NtfsFileSystem::open),
          new Reader("FAT", FatFileSystem::isThere, FatFileSystem::open));

  private FileSystems() {}

  private record Reader(
      String name, Predicate<BlockSource> isThere, Function<BlockSource, GuestFileSystem> opener) {}

  /** Whether {@link #open} would try. */
  public static boolean readable(BlockSource source) {
    return READERS.stream().anyMatch(reader -> reader.isThere().test(source));
  }

  /** What lies there, for people; empty where nothing is recognised. */
  public static Optional<String> describe(BlockSource source) {
    return READERS.stream()
        .filter(reader -> reader.isThere().test(source))
        .map(Reader::name)
        .findFirst()
        .or(() -> Signatures.name(source));
  }

  /**
   * Opens what lies there.
   *
   * @param source for this one reader, and one thread at a time
   * @throws io.sendense.domain.SendenseException GUEST_DAMAGED, GUEST_UNSUPPORTED naming what it is
   */
  public static GuestFileSystem open(BlockSource source) {
    for (Reader reader : READERS) {
      if (reader.isThere().test(source)) {
        return reader.opener().apply(source);
      }
    }
    String what = Signatures.name(source).orElse("nothing that is known here");
    throw Guest.unsupported("volume", "it holds " + what + ", which is not read");
  }
}
