package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectName;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An object that holds a repository's keys under one secret, docs/formats/repository.md 3.3.
 *
 * @param epoch newest epoch of the repository's key that it opens
 * @param wrapped the key of this object as a token sealed it; empty for other forms
 */
@SuppressWarnings("ArrayRecordComponent") // Key objects are never compared.
record KeyObject(
    UUID id,
    RepositorySecret.Form form,
    int epoch,
    int iterations,
    byte[] derivationSalt,
    byte[] formatChecksum,
    byte[] wrapped) {
  static final String FOLDER = "keys";
  static final int BYTES_MAX = 16 << 10;

  /** OWASP's figure for PBKDF2 with SHA-256 (2023), taken for SHA-512, which needs fewer. */
  static final int ITERATIONS = 600_000;

  private static final int ITERATIONS_MAX = 100_000_000;
  private static final byte[] NOTHING = new byte[0];

  static ObjectName name(UUID keyId) {
    return new ObjectName(FOLDER + "/" + PackId.hex(keyId));
  }

  /** The id in the name of a key object that was decoded under that name. */
  static UUID idOf(ObjectName name) {
    return PackId.hexId(name.value().substring(FOLDER.length() + 1));
  }

  static byte[] encode(
      UUID keyId, Keys keys, byte[] formatChecksum, RepositorySecret secret, SecureRandom random) {
    byte[] derivationSalt = new byte[32];
    byte[] salt = new byte[Envelope.SALT_BYTES];
    byte[] wrapping = new byte[Keys.KEY_BYTES];
    random.nextBytes(derivationSalt);
    random.nextBytes(salt);
    random.nextBytes(wrapping);
    boolean token = secret.form() == RepositorySecret.Form.TOKEN;
    KeyRing ring = keys.repositoryKey();
    KeyObject object =
        new KeyObject(
            keyId,
            secret.form(),
            ring.epoch(),
            secret.form() == RepositorySecret.Form.PASSPHRASE ? ITERATIONS : 0,
            derivationSalt,
            formatChecksum,
            token ? secret.token().wrap(wrapping, context(keys.repositoryId(), keyId)) : NOTHING);
    byte[] key = token ? wrapping : object.derive(keys.repositoryId(), secret);
    ByteWriter content = new ByteWriter().raw(ring.all().getFirst()).raw(keys.tenant().key());
    ring.all().stream().skip(1).forEach(content::raw);
    return Envelope.seal(
        ObjectType.KEY,
        keys.repositoryId(),
        KeyRing.wrapping(ring.epoch(), key),
        salt,
        object.clear(),
        content.toBytes());
  }

  /**
   * Reads what needs no secret.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED, STORE_UNKNOWN_VERSION
   */
  static KeyObject decode(ObjectName name, Envelope envelope) {
    ByteReader clear = envelope.clearSection();
    UUID id = clear.uuid();
    if (!name.equals(name(id))) {
      throw Damage.of(name.value(), "it says that it is another key");
    }
    RepositorySecret.Form form = form(name, clear.u8());
    int iterations = clear.count(ITERATIONS_MAX);
    byte[] derivationSalt = clear.raw(32);
    byte[] format = clear.raw(32);
    boolean token = form == RepositorySecret.Form.TOKEN;
    byte[] wrapped = token ? clear.raw(wrappedBytes(name, clear.u16())) : NOTHING;
    clear.end();
    if ((form == RepositorySecret.Form.PASSPHRASE) != (iterations > 0)) {
      throw Damage.of(name.value(), "its derivation is unknown");
    }
    return new KeyObject(id, form, envelope.epoch(), iterations, derivationSalt, format, wrapped);
  }

  static Envelope envelope(ObjectName name, byte[] bytes, UUID repository) {
    return Envelope.check(name, ObjectType.KEY, bytes).of(repository);
  }

  /**
   * Opens a key object.
   *
   * @return empty where it was made for another secret
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED, STORE_UNKNOWN_VERSION; for a token
   *     what {@link KeyToken} throws but WRONG_KEY
   */
  static Optional<Keys> open(
      ObjectName name,
      byte[] bytes,
      UUID repository,
      byte[] formatChecksum,
      RepositorySecret secret) {
    Envelope envelope = envelope(name, bytes, repository);
    KeyObject object = decode(name, envelope);
    if (object.form != secret.form()) {
      return Optional.empty();
    }
    Optional<byte[]> content =
        object
            .wrappingKey(repository, secret)
            .flatMap(key -> envelope.open(ObjectType.KEY, KeyRing.wrapping(object.epoch, key)));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    if (!Arrays.equals(object.formatChecksum, formatChecksum)) {
      throw Damage.of(FormatObject.NAME.value(), "it is not the one the repository was made with");
    }
    ByteReader keys = new ByteReader(name.value(), content.get());
    List<byte[]> ring = new ArrayList<>(List.of(keys.raw(Keys.KEY_BYTES)));
    byte[] identity = keys.raw(Keys.KEY_BYTES);
    for (int i = 0; i < object.epoch; i++) {
      ring.add(keys.raw(Keys.KEY_BYTES));
    }
    keys.end();
    return Optional.of(new Keys(repository, KeyRing.of(ring), identity));
  }

  private Optional<byte[]> wrappingKey(UUID repository, RepositorySecret secret) {
    try {
      return Optional.of(derive(repository, secret));
    } catch (io.sendense.domain.SendenseException e) {
      if (e.code() == io.sendense.domain.ErrorCode.WRONG_KEY) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private byte[] clear() {
    ByteWriter clear = new ByteWriter();
    clear.uuid(id).u8(form.number()).u32(iterations).raw(derivationSalt).raw(formatChecksum);
    if (form == RepositorySecret.Form.TOKEN) {
      clear.u16(wrapped.length).raw(wrapped);
    }
    return clear.toBytes();
  }

  private byte[] derive(UUID repository, RepositorySecret secret) {
    return switch (secret.form()) {
      case TOKEN -> secret.token().unwrap(wrapped, context(repository, id));
      case KEY -> Hkdf.derive(secret.bytes(), derivationSalt, Hkdf.info("sendense key file 1"));
      case PASSPHRASE -> PassphraseKey.derive(secret.bytes(), derivationSalt, iterations);
    };
  }

  /** What a token binds to the key it seals, so that it opens for this object only. */
  private static byte[] context(UUID repository, UUID keyId) {
    return new ByteWriter()
        .raw(Hkdf.info("sendense token 1"))
        .uuid(repository)
        .uuid(keyId)
        .toBytes();
  }

  private static RepositorySecret.Form form(ObjectName name, int number) {
    for (RepositorySecret.Form form : RepositorySecret.Form.values()) {
      if (form.number() == number) {
        return form;
      }
    }
    throw Damage.of(name.value(), "its derivation " + number + " is unknown");
  }

  private static int wrappedBytes(ObjectName name, int length) {
    if (length > KeyToken.WRAPPED_BYTES_MAX) {
      throw Damage.of(name.value(), "its wrapped key is too long");
    }
    return length;
  }
}
