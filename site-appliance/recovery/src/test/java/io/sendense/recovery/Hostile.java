package io.sendense.recovery;

import io.sendense.recovery.block.BlockSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * An image with bits flipped, bytes replaced or its end cut off, that counts what is read of it.
 */
final class Hostile implements BlockSource {
  /** Far more than reading the whole image once takes. */
  static final long MOST_READS = 400_000;

  private final byte[] image;
  private final int sizeBytes;
  private final Map<Integer, Byte> changed = new HashMap<>();
  private long reads;

  /**
   * @param places where the image holds metadata, so that damage hits it
   */
  Hostile(byte[] image, List<Integer> places, long seed) {
    this.image = image;
    Random random = new Random(seed);
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      int place = places.get(random.nextInt(places.size()));
      byte value =
          switch (random.nextInt(4)) {
            case 0 -> (byte) 0xFF;
            case 1 -> (byte) random.nextInt();
            default -> (byte) (image[place] ^ 1 << random.nextInt(8));
          };
      changed.put(place, value);
    }
    sizeBytes = random.nextInt(5) == 0 ? random.nextInt(image.length) : image.length;
  }

  /** Every byte of blocks that hold something and are not the samples' random content. */
  static List<Integer> metadata(byte[] image) {
    List<Integer> places = new ArrayList<>();
    for (int block = 0; block < image.length; block += 512) {
      int[] counts = new int[256];
      for (int i = block; i < block + 512; i++) {
        counts[image[i] & 0xFF]++;
      }
      // Random bytes have few zeros, untouched ones nothing else.
      if (counts[0] > 40 && counts[0] < 512) {
        for (int i = block; i < block + 512; i++) {
          if (image[i] != 0 || i % 7 == 0) {
            places.add(i);
          }
        }
      }
    }
    return places;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    if (++reads > MOST_READS) {
      throw new AssertionError("more than " + MOST_READS + " reads");
    }
    int from = (int) offset;
    int count = target.remaining();
    if (from < 0 || from > sizeBytes - count) {
      throw new AssertionError("a read beyond the end at " + offset);
    }
    int start = target.position();
    target.put(image, from, count);
    changed.forEach(
        (place, value) -> {
          if (place >= from && place < from + count) {
            target.put(start + place - from, value);
          }
        });
  }
}
