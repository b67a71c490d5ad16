package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Records of one length, each beginning with a blob's id, in 256 parts by the id's first byte. What
 * exceeds 64 KiB of a part lies in a file of it. Not thread-safe.
 */
final class Spill implements AutoCloseable {
  static final int PARTS = 256;
  static final int ID_BYTES = 16;

  private static final int PART_BYTES = 64 << 10;

  private final Path folder;
  private final String name;
  private final int recordBytes;
  private final byte[][] buffers = new byte[PARTS][0];
  private final int[] used = new int[PARTS];
  private final boolean[] onDisk = new boolean[PARTS];

  /**
   * @param folder where the parts' files go; must be there
   */
  Spill(Path folder, String name, int recordBytes) {
    this.folder = folder;
    this.name = name;
    this.recordBytes = recordBytes;
  }

  /** Room for a record, to be filled before the next call. Its id's first 16 bytes are in it. */
  ByteBuffer next(byte[] id) {
    int part = id[0] & 0xff;
    if (used[part] + recordBytes > buffers[part].length) {
      makeRoom(part);
    }
    ByteBuffer record = ByteBuffer.wrap(buffers[part], used[part], recordBytes);
    used[part] += recordBytes;
    return record.put(id, 0, ID_BYTES);
  }

  /** Shows every record of a part, each in the same buffer. */
  void forEach(int part, Consumer<ByteBuffer> visitor) {
    if (onDisk[part]) {
      try (InputStream file = Files.newInputStream(file(part));
          DataInputStream in = new DataInputStream(new BufferedInputStream(file, PART_BYTES))) {
        byte[] record = new byte[recordBytes];
        for (long left = Files.size(file(part)); left >= recordBytes; left -= recordBytes) {
          in.readFully(record);
          visitor.accept(ByteBuffer.wrap(record));
        }
      } catch (IOException e) {
        throw failed(e);
      }
    }
    for (int at = 0; at < used[part]; at += recordBytes) {
      visitor.accept(ByteBuffer.wrap(buffers[part], at, recordBytes));
    }
  }

  /** How many records a part has. */
  long count(int part) {
    try {
      return (used[part] + (onDisk[part] ? Files.size(file(part)) : 0)) / recordBytes;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    for (int part = 0; part < PARTS; part++) {
      try {
        if (onDisk[part]) {
          Files.deleteIfExists(file(part));
        }
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  private void makeRoom(int part) {
    int most = PART_BYTES / recordBytes * recordBytes;
    if (buffers[part].length < most) {
      int more = Math.max(recordBytes * 16, buffers[part].length * 2);
      buffers[part] = Arrays.copyOf(buffers[part], Math.min(most, more));
      return;
    }
    try {
      Files.write(
          file(part),
          used[part] == buffers[part].length
              ? buffers[part]
              : Arrays.copyOf(buffers[part], used[part]),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      onDisk[part] = true;
      used[part] = 0;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private Path file(int part) {
    return folder.resolve(name + "-" + part);
  }

  private SendenseException failed(IOException e) {
    return new SendenseException(
        ErrorCode.NO_SPACE,
        "ids could not be laid down in " + folder + ": " + e.getMessage(),
        "Free space there, or name another folder with --scratch; nothing in the store changed.",
        e);
  }
}
