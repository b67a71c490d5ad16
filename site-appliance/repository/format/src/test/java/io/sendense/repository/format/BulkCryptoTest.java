package io.sendense.repository.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The system's libcrypto and the JDK give the same bytes and refuse the same damage. */
class BulkCryptoTest {
  private static final int[] LENGTHS = {1, 15, 16, 17, 63, 64, 65, 4096, 8192, 8193, 100_000};

  private final Random random = new Random(7);
  private final BulkCrypto jdk = new JdkCrypto();
  private final BulkCrypto fast = libcrypto();

  @Test
  void bothHashAlike() {
    byte[] data = bytes(120_000);
    byte[] key = bytes(32);
    BulkCrypto.KeyedHash one = jdk.keyedHash(key);
    BulkCrypto.KeyedHash other = fast.keyedHash(key);
    for (int length : LENGTHS) {
      byte[] expected = new byte[32];
      byte[] found = new byte[32];
      one.hash(data, 9, length, expected);
      other.hash(data, 9, length, found);
      assertThat(found).as("hash of %d", length).isEqualTo(expected);
      jdk.sha256(data, 9, length, expected, 0);
      fast.sha256(data, 9, length, found, 0);
      assertThat(found).as("sum of %d", length).isEqualTo(expected);
      byte[] object = java.util.Arrays.copyOfRange(data, 9, 9 + length + 32);
      byte[] whole = new byte[32];
      for (BulkCrypto each : List.of(jdk, fast)) {
        each.sha256(object, 0, length, object, length, whole);
        assertThat(object).as("sum at the end of %d", length).endsWith(expected);
        assertThat(whole).isEqualTo(BlobCodec.sha256().digest(object));
      }
    }
  }

  @Test
  void whatOneSealsTheOtherOpens() {
    for (int length : LENGTHS) {
      BulkCrypto.Sealing with = new BulkCrypto.Sealing(bytes(32), bytes(12), bytes(41));
      byte[] raw = bytes(length);
      byte[] expected = new byte[length + 21];
      byte[] sealed = new byte[length + 21];
      jdk.seal(with, raw, 0, length, expected, 5);
      fast.seal(with, raw, 0, length, sealed, 5);
      assertThat(sealed).as("sealed %d", length).isEqualTo(expected);
      for (BulkCrypto opener : new BulkCrypto[] {jdk, fast}) {
        byte[] opened = new byte[length + 3];
        assertThat(opener.open(with, sealed, 5, length + 16, opened, 3)).isTrue();
        assertThat(opened).endsWith(raw);
        ByteBuffer direct = ByteBuffer.allocateDirect(length + 3).position(3);
        assertThat(opener.open(with, sealed, 5, length + 16, direct)).isTrue();
        assertThat(direct).isEqualTo(ByteBuffer.wrap(raw));
      }
    }
  }

  @Test
  void everyChangedByteIsRefused() {
    BulkCrypto.Sealing with = new BulkCrypto.Sealing(bytes(32), bytes(12), bytes(41));
    byte[] sealed = new byte[100 + 16];
    ByteBuffer direct = ByteBuffer.allocateDirect(116);
    fast.seal(with, bytes(100), 0, 100, sealed, 0);
    for (int i = 0; i < sealed.length; i++) {
      sealed[i] ^= 1;
      assertThat(fast.open(with, sealed, 0, sealed.length, new byte[116], 0)).isFalse();
      assertThat(fast.open(with, sealed, 0, sealed.length, direct)).isFalse();
      sealed[i] ^= 1;
    }
    with.additional()[0] ^= 1;
    assertThat(fast.open(with, sealed, 0, sealed.length, new byte[116], 0)).isFalse();
    with.additional()[0] ^= 1;
    assertThat(fast.open(with, sealed, 0, sealed.length, new byte[116], 0)).isTrue();
    assertThat(fast.open(with, sealed, 0, 15, new byte[116], 0)).isFalse();
  }

  @Test
  void aPassphraseGivesOneKeyByBothWays() {
    libcrypto().close();
    assertThat(LibCryptoPassphrase.INSTANCE).isPresent();
    // Around a block of HMAC's key, of a salt that shares its block, and of rounds done at once.
    for (int length : new int[] {1, 13, 127, 128, 129, 1000}) {
      for (int saltBytes : new int[] {1, 32, 107, 108}) {
        for (int iterations : new int[] {1, 2, 1000, 1001, 1002, 2001}) {
          byte[] passphrase = "x".repeat(length - 1).concat("!").getBytes(UTF_8);
          byte[] salt = bytes(saltBytes);
          assertThat(PassphraseKey.derive(passphrase, salt, iterations))
              .isEqualTo(PassphraseKey.byJdk(passphrase, salt, iterations));
        }
      }
    }
    byte[] passphrase = "\u00e9\u4e2d\ud83d\ude00".getBytes(UTF_8);
    byte[] salt = bytes(32);
    assertThat(PassphraseKey.derive(passphrase, salt, 1000))
        .isEqualTo(PassphraseKey.byJdk(passphrase, salt, 1000));
  }

  private static BulkCrypto libcrypto() {
    var found = LibCrypto.open();
    Assumptions.assumeTrue(
        found.isPresent() || Boolean.parseBoolean(System.getenv("CI")), "no libcrypto 3 here");
    return found.orElseThrow();
  }

  private byte[] bytes(int length) {
    byte[] data = new byte[length];
    random.nextBytes(data);
    return data;
  }
}
