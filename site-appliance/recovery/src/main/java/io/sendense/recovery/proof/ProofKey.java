package io.sendense.recovery.proof;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * The key that an appliance signs its proofs with: ECDSA on P-256, made at the first proof and kept
 * in a folder for its owner only. It signs nothing else.
 */
public final class ProofKey {
  static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final String PRIVATE = "proof-key.pem";
  private static final String PUBLIC = "proof-key.pub.pem";
  private static final int COORDINATE_BYTES = 32;

  private final PrivateKey secret;
  private final PublicKey open;

  private ProofKey(PrivateKey secret, PublicKey open) {
    this.secret = secret;
    this.open = open;
  }

  /**
   * Reads the key of a folder, or makes one there. Two processes that make one at once end with the
   * same.
   *
   * @throws SendenseException INTERNAL where it cannot be read or written
   */
  public static ProofKey open(Path folder, SecureRandom random) {
    try {
      Path file = folder.resolve(PRIVATE);
      if (!Files.exists(file)) {
        make(folder, random);
      }
      KeyFactory factory = KeyFactory.getInstance("EC");
      return new ProofKey(
          factory.generatePrivate(new PKCS8EncodedKeySpec(body(file))),
          factory.generatePublic(new X509EncodedKeySpec(body(publicFile(folder)))));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "the key for proofs in " + folder + " cannot be used: " + e.getMessage(),
          "Move it away to have a new one made; former proofs need its public half to be verified.",
          e);
    }
  }

  /** Where the public half lies, for those who verify elsewhere. */
  public static Path publicFile(Path folder) {
    return folder.resolve(PUBLIC);
  }

  /**
   * Reads a public key.
   *
   * @throws SendenseException NOT_FOUND, BAD_ARGUMENT
   */
  public static PublicKey publicKey(Path file) {
    try {
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(body(file)));
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "the public key " + file + " cannot be read",
          "Name the public half of the appliance's key with --key.",
          e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          file + " holds no public key on P-256",
          "Give the file that the appliance that proved keeps as " + PUBLIC + ".",
          e);
    }
  }

  PublicKey open() {
    return open;
  }

  byte[] sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(secret);
      signature.update(bytes);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RFC 7638 thumbprint. */
  static String thumbprint(PublicKey key) {
    if (!(key instanceof ECPublicKey ec)) {
      throw new SendenseException(ErrorCode.BAD_ARGUMENT, "the key is not on P-256", "");
    }
    String json =
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""
            + coordinate(ec.getW().getAffineX())
            + "\",\"y\":\""
            + coordinate(ec.getW().getAffineY())
            + "\"}";
    try {
      return base64(
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[COORDINATE_BYTES];
    int count = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - count, fixed, COORDINATE_BYTES - count, count);
    return base64(fixed);
  }

  private static void make(Path folder, SecureRandom random)
      throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    KeyPair pair = generator.generateKeyPair();
    Files.createDirectories(folder);
    // The public half first: who finds the private one must find both.
    Path secret = Files.createTempFile(folder, "key-", ".tmp", owner());
    Path open = Files.createTempFile(folder, "key-", ".tmp", owner());
    try {
      Files.writeString(secret, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      Files.writeString(open, pem("PUBLIC KEY", pair.getPublic().getEncoded()));
      Files.createLink(publicFile(folder), open);
      Files.createLink(folder.resolve(PRIVATE), secret);
    } catch (FileAlreadyExistsException madeMeanwhile) {
      return;
    } finally {
      Files.deleteIfExists(secret);
      Files.deleteIfExists(open);
    }
  }

  private static java.nio.file.attribute.FileAttribute<?> owner() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private static byte[] body(Path file) throws IOException {
    String text =
        String.join(
            "",
            Files.readAllLines(file).stream().filter(line -> !line.startsWith("-----")).toList());
    byte[] decoded = Base64.getDecoder().decode(text);
    return Arrays.copyOf(decoded, decoded.length);
  }
}
