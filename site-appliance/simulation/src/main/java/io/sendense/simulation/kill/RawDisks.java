package io.sendense.simulation.kill;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Raw disks with random bytes, text and holes. */
final class RawDisks {
  private RawDisks() {}

  static Path sparse(Path path, long bytes) {
    return write(path, bytes - 1, new byte[1]);
  }

  static void random(Path path, long offset, int bytes, SplittableRandom random) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    write(path, offset, content);
  }

  /** What compresses well. */
  static void text(Path path, long offset, int bytes, SplittableRandom random) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) ('a' + random.nextInt(4));
    }
    write(path, offset, content);
  }

  static String sha256(Path path) {
    try (InputStream file = Files.newInputStream(path);
        DigestInputStream in = new DigestInputStream(file, sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path write(Path path, long offset, byte[] content) {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(content), offset);
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
