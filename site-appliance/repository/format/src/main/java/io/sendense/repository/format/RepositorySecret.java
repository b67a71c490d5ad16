package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Optional;

/**
 * What the tenant holds to open a repository. The only thing that can: lost, the data is lost.
 * Immutable; never shown.
 */
public final class RepositorySecret {
  /** How the secret is turned into a key. */
  public enum Form {
    /** Stretched. */
    PASSPHRASE(1),
    /** The bytes of a key file or of a recovery sheet. */
    KEY(2),
    /** Asked of a token. */
    TOKEN(3);

    private final int number;

    Form(int number) {
      this.number = number;
    }

    /** As a key object names it. */
    int number() {
      return number;
    }
  }

  private static final int KEY_BYTES_MIN = 32;
  private static final int KEY_BYTES_MAX = 4096;

  private final Form form;
  private final byte[] bytes;
  private final Optional<KeyToken> token;

  private RepositorySecret(Form form, byte[] bytes, Optional<KeyToken> token) {
    this.form = form;
    this.bytes = bytes;
    this.token = token;
  }

  /** A token, which seals a random key for the repository and is asked for it at every opening. */
  public static RepositorySecret token(KeyToken token) {
    return new RepositorySecret(Form.TOKEN, new byte[0], Optional.of(token));
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
    return new RepositorySecret(
        Form.PASSPHRASE, composed.getBytes(StandardCharsets.UTF_8), Optional.empty());
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
    return new RepositorySecret(Form.KEY, content.clone(), Optional.empty());
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

  /** The token; only for {@link Form#TOKEN}. */
  KeyToken token() {
    return token.orElseThrow();
  }

  byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "RepositorySecret[" + form + ", hidden]";
  }
}
