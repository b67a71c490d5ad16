package io.sendense.recovery.ntfs;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Guest;

/** LZNT1 (MS-XCA, 2.5): chunks that unpack to 4 KiB each, at places of their own. */
final class Lznt1 {
  private static final int CHUNK = 4096;

  private Lznt1() {}

  static byte[] unpack(byte[] packed, int length, int most, String what) {
    byte[] plain = new byte[most];
    int at = 0;
    for (int start = 0; start < most && at + 2 <= length; start += CHUNK) {
      int header = (packed[at] & 0xFF) | ((packed[at + 1] & 0xFF) << 8);
      if (header == 0) {
        break;
      }
      int end = at + 2 + (header & 0xFFF) + 1;
      if (end > length) {
        throw wrong(what, "a chunk ends behind its unit");
      }
      int room = Math.min(CHUNK, most - start);
      if ((header & 0x8000) == 0) {
        System.arraycopy(packed, at + 2, plain, start, Math.min(end - at - 2, room));
      } else {
        chunk(packed, at + 2, end, plain, start, room, what);
      }
      at = end;
    }
    return plain;
  }

  private static void chunk(
      byte[] packed, int from, int end, byte[] plain, int start, int room, String what) {
    int at = from;
    int to = start;
    int limit = start + room;
    while (at < end && to < limit) {
      int flags = packed[at++];
      for (int bit = 0; bit < 8 && at < end && to < limit; bit++) {
        if ((flags & (1 << bit)) == 0) {
          plain[to++] = packed[at++];
          continue;
        }
        if (at + 2 > end) {
          throw wrong(what, "a reference is cut off");
        }
        int pair = (packed[at] & 0xFF) | ((packed[at + 1] & 0xFF) << 8);
        at += 2;
        // The further into the chunk, the more bits of the pair are distance.
        int lengthBits = 12;
        for (int reach = to - start - 1; reach >= 0x10; reach >>= 1) {
          lengthBits--;
        }
        int distance = (pair >> lengthBits) + 1;
        int count = (pair & ((1 << lengthBits) - 1)) + 3;
        if (distance > to - start) {
          throw wrong(what, "a reference points before its chunk");
        }
        for (int i = 0; i < count && to < limit; i++) {
          plain[to] = plain[to - distance];
          to++;
        }
      }
    }
  }

  private static SendenseException wrong(String what, String why) {
    return Guest.damaged("NTFS", what, 0, "LZNT1: " + why);
  }
}
