package io.sendense.recovery;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.util.List;
import java.util.Optional;

/** What can be named but not read: magics from the public description of each format. */
final class Signatures {
  private record Magic(long offset, String bytes, String name) {}

  private static final List<Magic> ALL =
      List.of(
          new Magic(0, "LUKS\u00ba\u00be", "LUKS encryption"),
          new Magic(3, "-FVE-FS-", "BitLocker encryption"),
          new Magic(4086, "SWAPSPACE2", "swap space"),
          new Magic(4096, "\u00fcN+\u00a9", "a member of a Linux RAID"),
          new Magic(0, "\u00fcN+\u00a9", "a member of a Linux RAID"),
          new Magic(3, "EXFAT   ", "exFAT"),
          new Magic(3, "ReFS\0\0\0\0", "ReFS"),
          new Magic(32, "NXSB", "APFS"),
          new Magic(1024, "H+", "HFS+"),
          new Magic(0x8001, "CD001", "ISO 9660"),
          new Magic(0, "hsqs", "squashfs"),
          new Magic(0x10034, "ReIsEr", "ReiserFS"),
          new Magic(0x8000, "JFS1", "JFS"),
          new Magic(0x400, "\u0010 \u00f5\u00f2", "F2FS"),
          new Magic(0x100000, "\r\u00d0\u0001\u00c0", "VMFS"),
          new Magic(0, "bcache", "bcache"),
          new Magic(4, " LVM2 ", "LVM2"));

  private Signatures() {}

  static Optional<String> name(BlockSource source) {
    Volume volume = new Volume(source, "volume");
    return ALL.stream()
        .filter(magic -> magic.offset() <= source.sizeBytes() - magic.bytes().length())
        .filter(
            magic -> {
              Bytes there = volume.read(magic.offset(), magic.bytes().length(), "signature");
              return there.has(0, magic.bytes());
            })
        .map(Magic::name)
        .findFirst();
  }
}
