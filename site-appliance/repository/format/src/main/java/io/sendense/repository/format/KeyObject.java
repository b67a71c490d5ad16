package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** An object that holds a repository's keys under one secret, docs/formats/repository.md 3.3. */
final class KeyObject {
  static final String FOLDER = "keys";
  static final int BYTES_MAX = 4096;

  /** OWASP's figure for PBKDF2 with SHA-256 (2023), taken for SHA-512, which needs fewer. */
  static final int ITERATIONS = 600_000;

  private static final int ITERATIONS_MAX = 100_000_000;
  private static final int PASSPHRASE = 1;
  private static final int KEY_FILE = 2;

  private KeyObject() {}

  static ObjectName name(UUID keyId) {
    return new ObjectName(FOLDER + "/" + PackId.hex(keyId));
  }

  static byte[] encode(
      UUID keyId, Keys keys, byte[] formatChecksum, RepositorySecret secret, SecureRandom random) {
    byte[] derivationSalt = new byte[32];
    byte[] salt = new byte[Envelope.SALT_BYTES];
    random.nextBytes(derivationSalt);
    random.nextBytes(salt);
    boolean passphrase = secret.form() == RepositorySecret.Form.PASSPHRASE;
    int iterations = passphrase ? ITERATIONS : 0;
    ByteWriter clear = new ByteWriter();
    clear.uuid(keyId).u8(passphrase ? PASSPHRASE : KEY_FILE).u32(iterations);
    clear.raw(derivationSalt).raw(formatChecksum);
    byte[] content = new ByteWriter().raw(keys.repositoryKey()).raw(keys.tenant().key()).toBytes();
    byte[] wrapping = derive(secret, iterations, derivationSalt);
    return Envelope.seal(
        ObjectType.KEY, keys.repositoryId(), wrapping, salt, clear.toBytes(), content);
  }

  /**
   * Opens a key object.
   *
   * @return empty where it was made for another secret
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED, STORE_UNKNOWN_VERSION
   */
  static Optional<Keys> open(
      ObjectName name,
      byte[] bytes,
      UUID repository,
      byte[] formatChecksum,
      RepositorySecret secret) {
    Envelope envelope = Envelope.check(name, ObjectType.KEY, bytes).of(repository);
    ByteReader clear = envelope.clearSection();
    if (!name.equals(name(clear.uuid()))) {
      throw Damage.of(name.value(), "it says that it is another key");
    }
    int derivation = clear.u8();
    int iterations = clear.count(ITERATIONS_MAX);
    byte[] derivationSalt = clear.raw(32);
    byte[] format = clear.raw(32);
    clear.end();
    boolean passphrase = derivation == PASSPHRASE;
    if ((!passphrase && derivation != KEY_FILE) || (passphrase && iterations < 1)) {
      throw Damage.of(name.value(), "its derivation is unknown");
    }
    if (passphrase != (secret.form() == RepositorySecret.Form.PASSPHRASE)) {
      return Optional.empty();
    }
    Optional<byte[]> content =
        envelope.open(ObjectType.KEY, derive(secret, iterations, derivationSalt));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    if (!Arrays.equals(format, formatChecksum)) {
      throw Damage.of(FormatObject.NAME.value(), "it is not the one the repository was made with");
    }
    ByteReader keys = new ByteReader(name.value(), content.get());
    Keys opened = new Keys(repository, keys.raw(Keys.KEY_BYTES), keys.raw(Keys.KEY_BYTES));
    keys.end();
    return Optional.of(opened);
  }

  private static byte[] derive(RepositorySecret secret, int iterations, byte[] salt) {
    if (secret.form() == RepositorySecret.Form.KEY) {
      return Hkdf.derive(secret.bytes(), salt, Hkdf.info("sendense key file 1"));
    }
    char[] text = new String(secret.bytes(), java.nio.charset.StandardCharsets.UTF_8).toCharArray();
    PBEKeySpec spec = new PBEKeySpec(text, salt, iterations, Keys.KEY_BYTES * 8);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    } finally {
      spec.clearPassword();
      Arrays.fill(text, '\0');
    }
  }
}
