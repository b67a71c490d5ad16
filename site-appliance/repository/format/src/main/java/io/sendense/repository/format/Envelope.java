package io.sendense.repository.format;

import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What every object has around its content, docs/formats/repository.md 3.1: lengths, checksum, a
 * clear section and a sealed one.
 */
final class Envelope {
  static final int HEADER_BYTES = 72;
  static final int SALT_BYTES = 32;
  static final int CHECKSUM_BYTES = 32;

  private static final int SALT_OFFSET = 40;
  private static final byte[] NONCE = new byte[12];

  /** How the SHA-256 at an object's end is computed; packs are long enough to care. */
  interface Checksum {
    void write(byte[] data, int offset, int length, byte[] out, int to);
  }

  private static final Checksum AT_ONCE =
      (data, offset, length, out, to) -> {
        try (BulkCrypto crypto = BulkCrypto.create()) {
          crypto.sha256(data, offset, length, out, to);
        }
      };

  private final String object;
  private final byte[] bytes;
  private final int length;
  private final int clearBytes;
  private final int blobsBytes;
  private final int sealedBytes;

  private Envelope(String object, byte[] bytes, int length, int blobsBytes) {
    this.object = object;
    this.bytes = bytes;
    this.length = length;
    this.blobsBytes = blobsBytes;
    clearBytes = ByteBuffer.wrap(bytes).getInt(12);
    sealedBytes = ByteBuffer.wrap(bytes).getInt(20);
  }

  /** Seals an object without blobs. */
  static byte[] seal(
      ObjectType type, UUID repository, KeyRing keys, byte[] salt, byte[] clear, byte[] content) {
    int sealed = content.length + BlobCodec.TAG_BYTES;
    byte[] out = new byte[HEADER_BYTES + clear.length + sealed + CHECKSUM_BYTES];
    System.arraycopy(clear, 0, out, HEADER_BYTES, clear.length);
    finish(out, type, repository, keys, salt, clear.length, 0, content, AT_ONCE);
    return out;
  }

  /** Makes an object without a sealed section. */
  static byte[] clear(ObjectType type, UUID repository, byte[] salt, byte[] clear) {
    byte[] out = new byte[HEADER_BYTES + clear.length + CHECKSUM_BYTES];
    System.arraycopy(clear, 0, out, HEADER_BYTES, clear.length);
    header(out, type, 0, repository, salt, clear.length, 0, 0);
    AT_ONCE.write(out, 0, out.length - CHECKSUM_BYTES, out, out.length - CHECKSUM_BYTES);
    return out;
  }

  /**
   * Completes an object whose clear section and blobs are in place: header, sealed section and
   * checksum. Returns the object's length.
   */
  static int finish(
      byte[] out,
      ObjectType type,
      UUID repository,
      KeyRing keys,
      byte[] salt,
      int clearBytes,
      int blobsBytes,
      byte[] content,
      Checksum checksum) {
    int sealed = content.length + BlobCodec.TAG_BYTES;
    header(out, type, keys.epoch(), repository, salt, clearBytes, blobsBytes, sealed);
    int at = HEADER_BYTES + clearBytes + blobsBytes;
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, type, keys.current(), salt);
      cipher.updateAAD(out, 0, HEADER_BYTES + clearBytes);
      cipher.doFinal(content, 0, content.length, out, at);
    } catch (GeneralSecurityException e) {
      throw Hkdf.noAlgorithm(e);
    }
    checksum.write(out, 0, at + sealed, out, at + sealed);
    return at + sealed + CHECKSUM_BYTES;
  }

  /**
   * Checks everything that needs no key: length, magic, version, checksum.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED, STORE_UNKNOWN_VERSION
   */
  static Envelope check(
      ObjectName name, ObjectType type, byte[] bytes, int length, Checksum checksum) {
    checkLengths(name.value(), type, bytes, length);
    String object = name.value();
    byte[] sum = new byte[CHECKSUM_BYTES];
    checksum.write(bytes, 0, length - CHECKSUM_BYTES, sum, 0);
    if (!Arrays.equals(sum, 0, sum.length, bytes, length - CHECKSUM_BYTES, length)) {
      throw Damage.of(object, "its checksum does not fit its content");
    }
    return new Envelope(object, bytes, length, ByteBuffer.wrap(bytes).getInt(16));
  }

  /**
   * An object that its tag vouches for: the sealed section is opened in place, and the checksum,
   * which says nothing that the tag does not, is not computed.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED, STORE_UNKNOWN_VERSION; WRONG_KEY
   *     where the ring lacks the object's epoch
   */
  static Envelope authenticated(
      ObjectName name, ObjectType type, byte[] bytes, UUID repository, KeyRing keys) {
    checkLengths(name.value(), type, bytes, bytes.length);
    Envelope envelope =
        new Envelope(name.value(), bytes, bytes.length, ByteBuffer.wrap(bytes).getInt(16))
            .of(repository);
    if (envelope.epoch() > keys.epoch()) {
      // Only the checksum tells a later key from a damaged number.
      check(name, type, bytes);
    }
    if (!envelope.open(type, keys, bytes, envelope.sealedOffset())) {
      throw envelope.notOurs();
    }
    return envelope;
  }

  /** What {@link #authenticated} opened. */
  ByteReader openedSection() {
    int content = sealedBytes - BlobCodec.TAG_BYTES;
    return new ByteReader(object, ByteBuffer.wrap(bytes, sealedOffset(), content).slice());
  }

  private static void checkLengths(String object, ObjectType type, byte[] bytes, int length) {
    if (length < HEADER_BYTES + CHECKSUM_BYTES) {
      throw Damage.of(object, "it has only " + length + " bytes");
    }
    checkType(object, type, bytes);
    ByteBuffer header = ByteBuffer.wrap(bytes);
    long expected = HEADER_BYTES + CHECKSUM_BYTES;
    for (int at : new int[] {12, 16, 20}) {
      expected += Integer.toUnsignedLong(header.getInt(at));
    }
    if (expected != length) {
      throw Damage.of(object, "it has " + length + " bytes where its header says " + expected);
    }
  }

  /** An object whose blobs and checksum were left out; nothing but magic and version is checked. */
  static Envelope withoutBlobs(ObjectName name, ObjectType type, byte[] bytes) {
    checkType(name.value(), type, bytes);
    return new Envelope(name.value(), bytes, bytes.length, 0);
  }

  static Envelope check(ObjectName name, ObjectType type, byte[] bytes, int length) {
    return check(name, type, bytes, length, AT_ONCE);
  }

  static Envelope check(ObjectName name, ObjectType type, byte[] bytes) {
    return check(name, type, bytes, bytes.length);
  }

  UUID repository() {
    return new UUID(ByteBuffer.wrap(bytes).getLong(24), ByteBuffer.wrap(bytes).getLong(32));
  }

  /** Epoch of the key that sealed the object. */
  int epoch() {
    return ByteBuffer.wrap(bytes).getShort(10) & 0xffff;
  }

  /** Refuses an object of another repository, which no accident puts here. */
  Envelope of(UUID repository) {
    if (!repository().equals(repository)) {
      throw Damage.of(object, "it belongs to the repository " + repository());
    }
    return this;
  }

  ByteReader clearSection() {
    return new ByteReader(object, ByteBuffer.wrap(bytes, HEADER_BYTES, clearBytes).slice());
  }

  int blobsOffset() {
    return HEADER_BYTES + clearBytes;
  }

  int blobsBytes() {
    return blobsBytes;
  }

  /** The checksum at the object's end. */
  byte[] checksum() {
    return Arrays.copyOfRange(bytes, length - CHECKSUM_BYTES, length);
  }

  /**
   * The sealed section opened; empty where the key is not the one that sealed it.
   *
   * @throws io.sendense.domain.SendenseException WRONG_KEY where the ring lacks the object's epoch
   */
  Optional<byte[]> open(ObjectType type, KeyRing keys) {
    byte[] content = new byte[Math.max(0, sealedBytes - BlobCodec.TAG_BYTES)];
    return open(type, keys, content, 0) ? Optional.of(content) : Optional.empty();
  }

  private boolean open(ObjectType type, KeyRing keys, byte[] out, int to) {
    byte[] key = keys.of(epoch(), object);
    byte[] salt = Arrays.copyOfRange(bytes, SALT_OFFSET, SALT_OFFSET + SALT_BYTES);
    byte[] derived = Hkdf.derive(key, salt, Hkdf.info("sendense object 1 " + type.magicText()));
    byte[] additional = Arrays.copyOf(bytes, HEADER_BYTES + clearBytes);
    BulkCrypto.Sealing with = new BulkCrypto.Sealing(derived, NONCE, additional);
    try (BulkCrypto crypto = BulkCrypto.create()) {
      return crypto.open(with, bytes, sealedOffset(), sealedBytes, out, to);
    }
  }

  private int sealedOffset() {
    return HEADER_BYTES + clearBytes + blobsBytes;
  }

  private SendenseException notOurs() {
    return Damage.of(object, "its sealed section was not sealed with our key");
  }

  /** The sealed section opened with the repository's keys, where failing means damage. */
  ByteReader sealedSection(ObjectType type, KeyRing keys) {
    return open(type, keys)
        .map(content -> new ByteReader(object, content))
        .orElseThrow(this::notOurs);
  }

  private static void checkType(String object, ObjectType type, byte[] bytes) {
    if (!Arrays.equals(bytes, 0, 8, type.magic(), 0, 8)) {
      throw Damage.of(object, "it does not begin like a " + type.word());
    }
    int version = ByteBuffer.wrap(bytes).getShort(8) & 0xffff;
    if (version != ObjectType.VERSION) {
      throw Damage.unknownVersion(object, type.word(), version);
    }
  }

  private static Cipher cipher(int mode, ObjectType type, byte[] key, byte[] salt)
      throws GeneralSecurityException {
    byte[] derived = Hkdf.derive(key, salt, Hkdf.info("sendense object 1 " + type.magicText()));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(derived, "AES"), new GCMParameterSpec(128, NONCE));
    return cipher;
  }

  private static void header(
      byte[] out,
      ObjectType type,
      int epoch,
      UUID repository,
      byte[] salt,
      int clear,
      int blobs,
      int sealed) {
    ByteBuffer header = ByteBuffer.wrap(out);
    header.put(type.magic()).putShort((short) ObjectType.VERSION).putShort((short) epoch);
    header.putInt(clear).putInt(blobs).putInt(sealed);
    header.putLong(repository.getMostSignificantBits());
    header.putLong(repository.getLeastSignificantBits());
    header.put(salt, 0, SALT_BYTES);
  }
}
