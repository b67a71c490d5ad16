package io.sendense.recovery.disk;

import io.sendense.recovery.block.BlockSource;
import io.sendense.recovery.block.Window;
import java.util.List;
import java.util.Optional;

/**
 * Where a volume lies, in bytes of one disk.
 *
 * @param disk its index
 */
public record Placement(int disk, long offset, long sizeBytes) {
  /** Empty where it lies in several pieces. */
  public static Optional<Placement> of(GuestVolume volume, List<GuestDisk> disks) {
    BlockSource at = volume.source();
    long offset = 0;
    while (true) {
      for (int i = 0; i < disks.size(); i++) {
        if (disks.get(i).source() == at) {
          return Optional.of(new Placement(i, offset, volume.source().sizeBytes()));
        }
      }
      Optional<Window> window =
          switch (at) {
            case Window one -> Optional.of(one);
            case StripedSource striped -> striped.piece();
            default -> Optional.empty();
          };
      if (window.isEmpty()) {
        return Optional.empty();
      }
      offset += window.get().offset();
      at = window.get().source();
    }
  }
}
