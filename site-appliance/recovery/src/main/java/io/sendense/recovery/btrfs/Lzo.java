package io.sendense.recovery.btrfs;

import java.io.IOException;

/**
 * LZO1X, by "LZO stream format as understood by Linux's LZO decompressor" (docs.kernel.org,
 * staging/lzo). Version 0 of it: btrfs writes no other.
 */
final class Lzo {
  private final byte[] in;
  private final int end;
  private final byte[] out;
  private final int start;
  private final int limit;
  private int at;
  private int to;

  private Lzo(byte[] in, int from, int length, byte[] out, int to, int most) {
    this.in = in;
    this.at = from;
    this.end = from + length;
    this.out = out;
    this.start = to;
    this.to = to;
    this.limit = to + most;
  }

  /**
   * How many bytes came out.
   *
   * @throws IOException where it does not fit into {@code most} bytes or makes no sense
   */
  static int unpack(byte[] in, int from, int length, byte[] out, int to, int most)
      throws IOException {
    Lzo lzo = new Lzo(in, from, length, out, to, most);
    lzo.run();
    return lzo.to - to;
  }

  private void run() throws IOException {
    // How many literals came last: 4 stands for four and more.
    int state = 0;
    if (end > at && (in[at] & 0xFF) > 17) {
      int count = next() - 17;
      literals(count);
      state = Math.min(count, 4);
    }
    while (true) {
      int code = next();
      int trailing;
      if (code >= 64) {
        trailing = code & 3;
        int length = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1);
        copy((next() << 3) + ((code >> 2) & 7) + 1, length);
      } else if (code >= 32) {
        int length = 2 + more(code & 31, 31);
        int word = next() | next() << 8;
        trailing = word & 3;
        copy((word >> 2) + 1, length);
      } else if (code >= 16) {
        int length = 2 + more(code & 7, 7);
        int word = next() | next() << 8;
        trailing = word & 3;
        int distance = ((code & 8) << 11) + (word >> 2);
        if (distance == 0) {
          return;
        }
        copy(distance + 16_384, length);
      } else if (state == 0) {
        literals(3 + more(code, 15));
        state = 4;
        continue;
      } else {
        trailing = code & 3;
        int distance = (code >> 2) + (next() << 2);
        if (state == 4) {
          copy(distance + 2049, 3);
        } else {
          copy(distance + 1, 2);
        }
      }
      literals(trailing);
      state = trailing;
    }
  }

  /** A length of its own where the bits of the code are zero. */
  private int more(int bits, int base) throws IOException {
    if (bits != 0) {
      return bits;
    }
    int sum = base;
    int one = next();
    while (one == 0) {
      sum += 255;
      if (sum > out.length + base) {
        throw new IOException("lzo: a length without end");
      }
      one = next();
    }
    return sum + one;
  }

  private int next() throws IOException {
    if (at >= end) {
      throw new IOException("lzo: it ends too early");
    }
    return in[at++] & 0xFF;
  }

  private void literals(int count) throws IOException {
    if (count > end - at || count > limit - to) {
      throw new IOException("lzo: " + count + " bytes do not fit");
    }
    System.arraycopy(in, at, out, to, count);
    at += count;
    to += count;
  }

  private void copy(int distance, int count) throws IOException {
    if (distance > to - start || count > limit - to) {
      throw new IOException("lzo: " + count + " bytes from " + distance + " back do not fit");
    }
    for (int i = 0; i < count; i++) {
      out[to] = out[to - distance];
      to++;
    }
  }
}
