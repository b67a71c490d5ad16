package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;

/**
 * What the tenant holds to open a repository. The only thing that can: lost, the data is lost.
 * Immutable; never shown.
 */
public final class RepositorySecret {
  /** How the secret is turned into a key. */
  enum Form {
    PASSPHRASE,
    KEY
  }

  private static final int KEY_BYTES_MIN = 32;
  private static final int KEY_BYTES_MAX = 4096;

  private final Form form;
  private final byte[] bytes;

  private RepositorySecret(Form form, byte[] bytes) {
    this.form = form;
    this.bytes = bytes;
  }

  /**
   * A passphrase of 8 to 1,000 characters. Taken in Unicode's composed form, so that keyboards that
   * make the same character in different ways agree. The caller wipes its array.
   *
   * @throws SendenseException BAD_ARGUMENT where it is too short or too long
   */
  public static RepositorySecret passphrase(char[] text) {
    if (text.length < 8 || text.length > 1000) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a passphrase has 8 to 1,000 characters",
          "Choose a longer passphrase; several words are good.");
    }
    String composed = Normalizer.normalize(CharBuffer.wrap(text), Normalizer.Form.NFC);
    return new RepositorySecret(Form.PASSPHRASE, composed.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The content of a key file, byte for byte: 32 to 4,096 random bytes.
   *
   * @throws SendenseException BAD_ARGUMENT where it is too short or too long
   */
  public static RepositorySecret key(byte[] content) {
    if (content.length < KEY_BYTES_MIN || content.length > KEY_BYTES_MAX) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a key file has 32 to 4,096 bytes, this one has " + content.length,
          "Make one with: head -c 32 /dev/urandom > FILE");
    }
    return new RepositorySecret(Form.KEY, content.clone());
  }

  /**
   * Reads a key file.
   *
   * @throws SendenseException NOT_FOUND where it cannot be read, BAD_ARGUMENT as {@link #key}
   */
  public static RepositorySecret keyFile(Path file) {
    try {
      if (Files.size(file) > KEY_BYTES_MAX) {
        return key(new byte[KEY_BYTES_MAX + 1]);
      }
      return key(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "key file " + file + " cannot be read",
          "Check the path and its permissions.",
          e);
    }
  }

  Form form() {
    return form;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "RepositorySecret[" + form + ", hidden]";
  }
}
