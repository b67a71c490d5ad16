package io.sendense.recovery.btrfs;

import io.sendense.recovery.block.Bytes;
import io.sendense.recovery.block.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From the addresses that trees and files use to those on this device ("Trees", Chunk tree). Of
 * what is kept twice or more here, every place is told.
 */
final class Chunks {
  // 256 TiB in the gibibyte each that the kernel makes them of.
  private static final int MOST = 1 << 18;
  private static final int HEAD = 48;
  private static final int STRIPE = 32;
  private static final long RAID0 = 0x8;
  private static final long RAID10 = 0x40;
  private static final long RAID5_6 = 0x180;
  private static final long COPIES = 0x10 | 0x20 | 0x200 | 0x400;

  private final Volume volume;
  private final long device;
  private final TreeMap<Long, Chunk> chunks = new TreeMap<>();

  private record Stripe(long device, long at) {}

  private record Chunk(
      long logical, long length, long stripeBytes, long kind, int group, List<Stripe> stripes) {}

  /**
   * @param length how many bytes lie together from here on
   * @param at where each copy lies on this device; at least one
   */
  record Places(long length, List<Long> at) {}

  Chunks(Volume volume, long device) {
    this.volume = volume;
    this.device = device;
  }

  /** How many bytes the item has. */
  int add(long logical, Bytes item) {
    long length = item.u63(0, "its length");
    long stripeBytes = item.u63(16, "the length of a stripe");
    long kind = item.i64(24);
    int count = item.u16(44);
    int group = Math.max(1, item.u16(46));
    if (logical < 0
        || length < 1
        || length > Long.MAX_VALUE - logical
        || stripeBytes < 4096
        || stripeBytes > 1 << 30
        || Long.bitCount(stripeBytes) != 1
        || count < 1
        || (count % group != 0 && (kind & RAID10) != 0)) {
      throw item.damaged("a chunk of " + length + " bytes in " + count + " stripes");
    }
    List<Stripe> stripes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int from = HEAD + STRIPE * i;
      stripes.add(new Stripe(item.i64(from), item.u63(from + 8, "the place of a stripe")));
    }
    Map.Entry<Long, Chunk> before = chunks.lowerEntry(logical + length);
    if (before != null
        && before.getKey() != logical
        && before.getValue().length() > logical - before.getKey()) {
      throw item.damaged("a chunk that overlaps another one");
    }
    if (chunks.size() >= MOST) {
      throw volume.unsupported("more than " + MOST + " chunks are not read");
    }
    chunks.put(logical, new Chunk(logical, length, stripeBytes, kind, group, List.copyOf(stripes)));
    return HEAD + STRIPE * count;
  }

  Places places(long logical, String what) {
    Map.Entry<Long, Chunk> found = chunks.floorEntry(logical);
    if (found == null || logical - found.getKey() >= found.getValue().length()) {
      throw volume.damaged(what, 0, "its address " + logical + " is in no chunk");
    }
    Chunk chunk = found.getValue();
    long within = logical - chunk.logical();
    if ((chunk.kind() & RAID5_6) != 0) {
      throw volume.unsupported(what + " lies in RAID 5 or 6 of btrfs, which is not read");
    }
    if ((chunk.kind() & (RAID0 | RAID10)) == 0) {
      int copies = (chunk.kind() & COPIES) == 0 ? 1 : chunk.stripes().size();
      return here(chunk, 0, copies, within, chunk.length() - within, what);
    }
    int group = (chunk.kind() & RAID10) != 0 ? chunk.group() : 1;
    int columns = chunk.stripes().size() / group;
    long stripe = within / chunk.stripeBytes();
    long inStripe = within % chunk.stripeBytes();
    long onDevice = stripe / columns * chunk.stripeBytes() + inStripe;
    long left = Math.min(chunk.stripeBytes() - inStripe, chunk.length() - within);
    int first = (int) (stripe % columns) * group;
    return here(chunk, first, first + group, onDevice, left, what);
  }

  private Places here(Chunk chunk, int from, int to, long offset, long length, String what) {
    List<Long> at =
        chunk.stripes().subList(from, to).stream()
            .filter(stripe -> stripe.device() == device)
            .map(Stripe::at)
            .filter(place -> place <= Long.MAX_VALUE - offset)
            .map(place -> place + offset)
            .toList();
    if (at.isEmpty()) {
      throw volume.unsupported(
          what
              + " lies on device "
              + Long.toUnsignedString(chunk.stripes().get(from).device())
              + " of the file system, and only device "
              + Long.toUnsignedString(device)
              + " is read");
    }
    return new Places(length, at);
  }
}
