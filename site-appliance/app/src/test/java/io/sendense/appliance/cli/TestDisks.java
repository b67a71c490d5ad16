package io.sendense.appliance.cli;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.Random;

/** Raw disks with data, random bytes and holes, the same for the same seed. */
public final class TestDisks {
  private TestDisks() {}

  /** A sparse file. */
  public static Path sparse(Path path, long bytes) {
    return write(path, bytes - 1, new byte[1]);
  }

  /** Random bytes somewhere in a file, which grows where needed. */
  public static Path random(Path path, long offset, int bytes, long seed) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return write(path, offset, content);
  }

  /** Text that compresses well. */
  public static Path text(Path path, long offset, int bytes, long seed) {
    byte[] content = new byte[bytes];
    Random random = new Random(seed);
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) ('a' + random.nextInt(4));
    }
    return write(path, offset, content);
  }

  public static String sha256(Path path) {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(path), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
