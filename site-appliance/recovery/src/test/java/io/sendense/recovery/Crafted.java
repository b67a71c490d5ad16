package io.sendense.recovery;

import io.sendense.recovery.block.BlockSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;

/**
 * A btrfs image of 4096-byte nodes whose owner put in what he liked: some numbers in nodes are
 * others, or another node's, and every checksum fits.
 */
final class Crafted implements BlockSource {
  private static final int NODE = 4096;
  private static final int HEAD = 0x65;

  private final byte[] image;
  private final Map<Integer, byte[]> changed = new HashMap<>();
  private long reads;

  Crafted(byte[] image, List<Integer> nodes, long seed) {
    this.image = image;
    Random random = new Random(seed);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      int place = nodes.get(random.nextInt(nodes.size()));
      byte[] node = changed.getOrDefault(place, new byte[NODE]);
      System.arraycopy(image, place, node, 0, NODE);
      int changes = 1 + random.nextInt(4);
      for (int k = 0; k < changes; k++) {
        change(node, random);
      }
      CRC32C sum = new CRC32C();
      sum.update(node, 0x20, NODE - 0x20);
      ByteBuffer.wrap(node).order(ByteOrder.LITTLE_ENDIAN).putInt((int) sum.getValue());
      changed.put(place, node);
    }
  }

  private static void change(byte[] node, Random random) {
    int used = ByteBuffer.wrap(node).order(ByteOrder.LITTLE_ENDIAN).getInt(0x60);
    // Heads and keys lie in front, what they tell of at the end.
    int at =
        random.nextBoolean()
            ? 0x60
                + random.nextInt(Math.min(NODE - 0x60, HEAD - 0x60 + Math.clamp(used, 1, 100) * 25))
            : HEAD + random.nextInt(NODE - HEAD);
    switch (random.nextInt(4)) {
      case 0 -> node[at] = (byte) 0xFF;
      case 1 -> node[at] = (byte) random.nextInt();
      case 2 -> System.arraycopy(node, HEAD + random.nextInt(900), node, Math.min(at, 4000), 17);
      default -> node[at] ^= (byte) (1 << random.nextInt(8));
    }
  }

  /** Where nodes lie whose checksum fits. */
  static List<Integer> nodes(byte[] image) {
    List<Integer> places = new ArrayList<>();
    ByteBuffer all = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at + NODE <= image.length; at += NODE) {
      CRC32C sum = new CRC32C();
      sum.update(image, at + 0x20, NODE - 0x20);
      if (all.getInt(at) == (int) sum.getValue()) {
        places.add(at);
      }
    }
    return places;
  }

  @Override
  public long sizeBytes() {
    return image.length;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    if (++reads > Hostile.MOST_READS) {
      throw new AssertionError("more than " + Hostile.MOST_READS + " reads");
    }
    int from = (int) offset;
    int count = target.remaining();
    int start = target.position();
    target.put(image, from, count);
    changed.forEach(
        (place, node) -> {
          int first = Math.max(place, from);
          int end = Math.min(place + NODE, from + count);
          if (first < end) {
            target.put(start + first - from, node, first - place, end - first);
          }
        });
  }
}
