package io.sendense.recovery.btrfs;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** BLAKE2b with 32 bytes of output and no key, by RFC 7693. */
final class Blake2b {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BLOCK = 128;
  private static final int OUTPUT = 32;
  private static final int ROUNDS = 12;
  private static final long[] START = {
    0x6A09E667F3BCC908L, 0xBB67AE8584CAA73BL, 0x3C6EF372FE94F82BL, 0xA54FF53A5F1D36F1L,
    0x510E527FADE682D1L, 0x9B05688C2B3E6C1FL, 0x1F83D9ABFB41BD6BL, 0x5BE0CD19137E2179L
  };
  // A row per round, a hexadecimal digit per word.
  private static final String[] ORDER = {
    "0123456789abcdef",
    "ea489fd61c02b753",
    "b8c052fdae367194",
    "7931dcbe265a40f8",
    "905724afe1bc683d",
    "2c6a0b834d75fe19",
    "c51fed4a0763928b",
    "db7ec13950f4862a",
    "6fe9b308c2d714a5",
    "a2847615fb9e3cd0"
  };
  private static final int[][] WORDS = new int[ORDER.length][];

  static {
    for (int row = 0; row < ORDER.length; row++) {
      WORDS[row] = ORDER[row].chars().map(digit -> Character.digit(digit, 16)).toArray();
    }
  }

  private Blake2b() {}

  static byte[] over(byte[] array, int from, int count) {
    long[] state = START.clone();
    state[0] ^= 0x0101_0000 | OUTPUT;
    int done = 0;
    while (count - done > BLOCK) {
      mix(state, array, from + done, done + BLOCK, false);
      done += BLOCK;
    }
    byte[] last = Arrays.copyOf(Arrays.copyOfRange(array, from + done, from + count), BLOCK);
    mix(state, last, 0, count, true);
    byte[] sum = new byte[OUTPUT];
    for (int i = 0; i < OUTPUT / 8; i++) {
      LONG.set(sum, 8 * i, state[i]);
    }
    return sum;
  }

  private static void mix(long[] state, byte[] array, int from, long counted, boolean last) {
    long[] v = Arrays.copyOf(state, 16);
    System.arraycopy(START, 0, v, 8, 8);
    v[12] ^= counted;
    if (last) {
      v[14] = ~v[14];
    }
    long[] words = new long[16];
    for (int i = 0; i < 16; i++) {
      words[i] = (long) LONG.get(array, from + 8 * i);
    }
    for (int round = 0; round < ROUNDS; round++) {
      int[] order = WORDS[round % WORDS.length];
      for (int i = 0; i < 4; i++) {
        quarter(v, i, 4 + i, 8 + i, 12 + i, words[order[2 * i]], words[order[2 * i + 1]]);
      }
      for (int i = 0; i < 4; i++) {
        int second = 4 + (i + 1) % 4;
        int third = 8 + (i + 2) % 4;
        int fourth = 12 + (i + 3) % 4;
        quarter(v, i, second, third, fourth, words[order[8 + 2 * i]], words[order[9 + 2 * i]]);
      }
    }
    for (int i = 0; i < 8; i++) {
      state[i] ^= v[i] ^ v[i + 8];
    }
  }

  private static void quarter(long[] v, int a, int b, int c, int d, long x, long y) {
    v[a] += v[b] + x;
    v[d] = Long.rotateRight(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = Long.rotateRight(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = Long.rotateRight(v[b] ^ v[c], 63);
  }
}
