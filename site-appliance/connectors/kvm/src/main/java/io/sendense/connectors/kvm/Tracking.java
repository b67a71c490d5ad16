package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one disk's bitmaps are good for at the start of a capture. Pure, so that every way in which
 * a tracker is lost can be told apart in a test.
 *
 * @param bitmap that has recorded every write since the baseline; empty where none has
 * @param reason why there is none; empty where there is one
 * @param stale bitmaps of ours that are of no use any more
 */
record Tracking(Optional<String> bitmap, String reason, List<String> stale) {
  static final Tracking NONE = new Tracking(Optional.empty(), "no tracker", List.of());

  Tracking {
    stale = List.copyOf(stale);
  }

  /**
   * @param prefix of our own bitmaps; all others belong to someone else
   */
  static Tracking of(QemuDisk disk, Optional<Baseline> baseline, String prefix) {
    Optional<BaselineToken> token = baseline.flatMap(BaselineToken::parse);
    String reason = whyUntracked(disk, baseline, token, prefix);
    Optional<String> usable =
        reason.isEmpty() ? token.map(BaselineToken::bitmap) : Optional.<String>empty();
    List<String> stale = new ArrayList<>();
    for (DirtyBitmap b : disk.bitmaps()) {
      if (BitmapNames.isOurs(b.name(), prefix)
          && !b.busy()
          && !usable.equals(Optional.of(b.name()))) {
        stale.add(b.name());
      }
    }
    return new Tracking(usable, reason, stale);
  }

  private static String whyUntracked(
      QemuDisk disk, Optional<Baseline> baseline, Optional<BaselineToken> token, String prefix) {
    if (disk.noBitmaps().isPresent()) {
      return "disk " + disk.name() + ": " + disk.noBitmaps().get();
    }
    if (baseline.isEmpty()) {
      return "first capture: there is no baseline yet";
    }
    if (token.isEmpty() || !BitmapNames.isOurs(token.get().bitmap(), prefix)) {
      return "the baseline was not made by this QEMU source";
    }
    if (!token.get().covers(disk)) {
      return "disk " + disk.name() + " is new or was resized since the baseline";
    }
    String name = token.get().bitmap();
    Optional<DirtyBitmap> bitmap = disk.bitmap(name);
    if (bitmap.isEmpty()) {
      return "dirty bitmap " + name + " is no longer on disk " + disk.name();
    }
    if (bitmap.get().inconsistent()) {
      return "dirty bitmap "
          + name
          + " on disk "
          + disk.name()
          + " is inconsistent: QEMU was not closed cleanly, so it may miss writes";
    }
    if (bitmap.get().busy()) {
      return "dirty bitmap " + name + " on disk " + disk.name() + " is in use by something else";
    }
    if (!bitmap.get().recording()) {
      return "dirty bitmap "
          + name
          + " on disk "
          + disk.name()
          + " was switched off, so it"
          + " misses writes";
    }
    return "";
  }
}
