package io.sendense.appliance.keys;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.KeyToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A key in a PKCS#11 token, through the JDK's SunPKCS11. Seals by CKM_AES_GCM; the token's key
 * never leaves it. Thread-safe.
 */
public final class Pkcs11Token implements KeyToken {
  /** The user's PIN, where the URI names no file for it. */
  public static final String PIN_VARIABLE = "SENDENSE_PKCS11_PIN";

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int PIN_FILE_BYTES_MAX = 4096;

  private final Pkcs11Uri uri;
  private final Provider provider;
  private final Key key;
  private final SecureRandom random;

  private Pkcs11Token(Pkcs11Uri uri, Provider provider, Key key, SecureRandom random) {
    this.uri = uri;
    this.provider = provider;
    this.key = key;
    this.random = random;
  }

  /**
   * Opens the token and finds the key.
   *
   * @throws SendenseException MISSING_TOOL for a library or slot that is not there, UNAUTHENTICATED
   *     for a missing or wrong PIN, NOT_FOUND where the token has no such key
   */
  public static Pkcs11Token open(
      Pkcs11Uri uri, Map<String, String> environment, SecureRandom random) {
    char[] pin = pin(uri, environment);
    try {
      Provider provider = provider(uri);
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, pin);
      Key key = store.getKey(uri.object(), null);
      if (key == null) {
        throw new SendenseException(
            ErrorCode.NOT_FOUND,
            "the token has no key with the label \"" + uri.object() + "\"",
            "Make an AES-256 key there, for example with pkcs11-tool --keygen --key-type AES:32.");
      }
      return new Pkcs11Token(uri, provider, key, random);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.UNAUTHENTICATED,
          "the token does not accept the PIN",
          "Check it: a token locks itself after a few wrong ones.",
          e);
    } catch (GeneralSecurityException | ProviderException e) {
      throw missing(uri, e);
    } finally {
      Arrays.fill(pin, '\0');
    }
  }

  @Override
  public byte[] wrap(byte[] clear, byte[] context) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(clear);
      return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException | ProviderException e) {
      throw refused("seal", e);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] context) {
    if (wrapped.length <= NONCE_BYTES) {
      throw notOurs(null);
    }
    byte[] nonce = Arrays.copyOf(wrapped, NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, nonce, context)
          .doFinal(wrapped, NONCE_BYTES, wrapped.length - NONCE_BYTES);
    } catch (AEADBadTagException e) {
      throw notOurs(e);
    } catch (ProviderException e) {
      // Tokens name a failed tag in their own ways: CKR_ENCRYPTED_DATA_INVALID, CKR_GENERAL_ERROR.
      throw isWrongData(e) ? notOurs(e) : refused("open", e);
    } catch (GeneralSecurityException e) {
      throw refused("open", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context);
    return cipher;
  }

  private static Provider provider(Pkcs11Uri uri) {
    Provider base = Security.getProvider("SunPKCS11");
    if (base == null || !Files.isReadable(uri.module())) {
      throw missing(uri, null);
    }
    String slot = uri.slot().isPresent() ? "slot = " + uri.slot().getAsLong() : "slotListIndex = 0";
    return base.configure(
        "--name = sendense\nlibrary = " + uri.module().toAbsolutePath() + "\n" + slot + "\n");
  }

  private static char[] pin(Pkcs11Uri uri, Map<String, String> environment) {
    String pin = environment.getOrDefault(PIN_VARIABLE, "");
    if (uri.pinFile().isPresent()) {
      try {
        if (Files.size(uri.pinFile().get()) > PIN_FILE_BYTES_MAX) {
          throw new IOException("longer than any PIN");
        }
        pin = Files.readString(uri.pinFile().get()).lines().findFirst().orElse("");
      } catch (IOException e) {
        throw new SendenseException(
            ErrorCode.UNAUTHENTICATED,
            "the PIN file " + uri.pinFile().get() + " cannot be read",
            "Check the path and its permissions.",
            e);
      }
    }
    if (pin.isEmpty()) {
      throw new SendenseException(
          ErrorCode.UNAUTHENTICATED,
          "the token's PIN was not given",
          "Set " + PIN_VARIABLE + " or name a file: pin-source=file:FILE.");
    }
    return pin.toCharArray();
  }

  private static boolean isWrongData(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String text = String.valueOf(at.getMessage());
      if (text.contains("ENCRYPTED_DATA") || text.contains("CKR_GENERAL_ERROR")) {
        return true;
      }
    }
    return false;
  }

  private static SendenseException notOurs(@org.jspecify.annotations.Nullable Throwable why) {
    return new SendenseException(
        ErrorCode.WRONG_KEY,
        "the token's key did not seal this repository's key",
        "Use the token and the key label that the repository was made with.",
        why);
  }

  private SendenseException refused(String what, Exception why) {
    return new SendenseException(
        ErrorCode.UNAUTHENTICATED,
        "the token refuses to " + what + " with the key \"" + uri.object() + "\"",
        "The key must be AES-256 and allow encryption and decryption by CKM_AES_GCM.",
        why);
  }

  private static SendenseException missing(
      Pkcs11Uri uri, @org.jspecify.annotations.Nullable Exception why) {
    return new SendenseException(
        ErrorCode.MISSING_TOOL,
        "no token answers through " + uri.module(),
        "Check the library's path, that the token is plugged in, and slot-id (pkcs11-tool -L).",
        why);
  }
}
