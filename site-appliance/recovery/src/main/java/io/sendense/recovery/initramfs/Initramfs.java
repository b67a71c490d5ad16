package io.sendense.recovery.initramfs;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.fs.Content;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is in a guest's initramfs: several "newc" cpio archives behind each other, each as it is or
 * compressed, as the kernel's "initramfs buffer format" (docs.kernel.org) has it.
 *
 * @param items by name without a leading slash; of two with one name the later, as for the kernel
 * @param packings one per part, in their order
 */
public record Initramfs(Map<String, Item> items, List<Packing> packings) {
  private static final int MOST_ITEMS = 200_000;
  private static final int MOST_KEPT = 4 << 20;
  private static final int MOST_NAME = 4096;
  private static final long MOST_BYTES = 1L << 30;

  /**
   * A file in it.
   *
   * @param mode with the type, as POSIX has it
   * @param content of those that were asked for and of symbolic links; else empty
   */
  @SuppressWarnings("ArrayRecordComponent") // made once, never changed and never compared by value
  public record Item(int mode, long sizeBytes, byte[] content) {
    public boolean isLink() {
      return (mode & 0170000) == 0120000;
    }

    public String text() {
      return new String(content, StandardCharsets.UTF_8);
    }
  }

  /**
   * @param keep the names of the files, up to 4 MiB each, whose content is wanted
   * @throws SendenseException GUEST_DAMAGED, GUEST_UNSUPPORTED where a compression is not read
   */
  public static Initramfs read(Content content, Predicate<String> keep) {
    Reading reading = new Reading(new Cursor(content), keep);
    try {
      reading.parts();
    } catch (IOException e) {
      throw reading.damaged(String.valueOf(e.getMessage()));
    } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
      // Decoders of others say so of what they did not expect.
      throw reading.damaged("its compressed data is wrong: " + e.getMessage());
    }
    return new Initramfs(reading.items, List.copyOf(reading.packings));
  }

  private static final class Reading {
    private final Cursor cursor;
    private final Predicate<String> keep;
    private final Map<String, Item> items = new LinkedHashMap<>();
    private final List<Packing> packings = new ArrayList<>();
    private int count;
    private long bytes;

    Reading(Cursor cursor, Predicate<String> keep) {
      this.cursor = cursor;
      this.keep = keep;
    }

    void parts() throws IOException {
      while (true) {
        for (int one = cursor.read(); one == 0; one = cursor.read()) {
          // Zeros between parts are padding.
        }
        if (cursor.atEnd()) {
          return;
        }
        cursor.position(cursor.position() - 1);
        long start = cursor.position();
        byte[] head = cursor.readNBytes(6);
        cursor.position(start);
        Packing packing = Packing.of(head);
        if (packing == Packing.UNKNOWN) {
          if (packings.isEmpty()) {
            throw damaged("it begins with nothing that the kernel unpacks");
          }
          return;
        }
        packings.add(packing);
        if (packing == Packing.PLAIN) {
          archive(cursor);
        } else {
          try (InputStream in = packing.open(cursor)) {
            archives(in);
          }
        }
        if (packings.size() > 64) {
          throw damaged("it has more than 64 parts");
        }
      }
    }

    /** All that one compressed part holds, to its end. */
    private void archives(InputStream in) throws IOException {
      while (true) {
        int one = in.read();
        while (one == 0) {
          took(1);
          one = in.read();
        }
        if (one < 0) {
          return;
        }
        header(in, one);
        while (item(in)) {
          header(in, in.read());
        }
      }
    }

    private void archive(InputStream in) throws IOException {
      do {
        header(in, in.read());
      } while (item(in));
    }

    private final byte[] header = new byte[110];

    private void header(InputStream in, int first) throws IOException {
      header[0] = (byte) first;
      if (first < 0 || in.readNBytes(header, 1, 109) < 109) {
        throw new EOFException("an archive in it does not end");
      }
      String magic = new String(header, 0, 6, StandardCharsets.US_ASCII);
      if (!magic.equals("070701") && !magic.equals("070702")) {
        throw damaged("an entry does not begin as one of newc");
      }
    }

    /** Whether more of this archive follows. */
    private boolean item(InputStream in) throws IOException {
      int mode = (int) field(1);
      long size = field(6);
      int nameLength = (int) field(11);
      if (nameLength < 1 || nameLength > MOST_NAME) {
        throw damaged("a name has " + nameLength + " bytes");
      }
      took(size + nameLength);
      if (++count > MOST_ITEMS) {
        throw damaged("it has more than " + MOST_ITEMS + " entries");
      }
      byte[] name = in.readNBytes(nameLength);
      skip(in, -(110L + nameLength) & 3);
      String text = new String(name, 0, nameLength - 1, StandardCharsets.UTF_8);
      if (text.equals("TRAILER!!!")) {
        return false;
      }
      String plain = text.replaceFirst("^(\\./|/)+", "");
      boolean link = (mode & 0170000) == 0120000;
      byte[] content = {};
      if (size <= MOST_KEPT && (link || keep.test(plain))) {
        content = in.readNBytes((int) size);
      } else {
        skip(in, size);
      }
      skip(in, -size & 3);
      items.remove(plain);
      items.put(plain, new Item(mode, size, content));
      return true;
    }

    private long field(int index) {
      long value = 0;
      for (int i = 6 + index * 8; i < 14 + index * 8; i++) {
        int digit = Character.digit(header[i], 16);
        if (digit < 0) {
          throw damaged("a field of an entry is no number");
        }
        value = value << 4 | digit;
      }
      return value;
    }

    private void took(long more) {
      bytes += more;
      if (bytes > MOST_BYTES) {
        throw damaged("it holds more than " + MOST_BYTES + " bytes");
      }
    }

    private static void skip(InputStream in, long length) throws IOException {
      byte[] piece = new byte[(int) Math.min(length, 64 << 10)];
      for (long left = length; left > 0; ) {
        int got = in.readNBytes(piece, 0, (int) Math.min(left, piece.length));
        if (got == 0) {
          throw new EOFException("an entry does not end");
        }
        left -= got;
      }
    }

    SendenseException damaged(String what) {
      return Guest.damaged("initramfs", "part " + packings.size(), cursor.position(), what);
    }
  }
}
