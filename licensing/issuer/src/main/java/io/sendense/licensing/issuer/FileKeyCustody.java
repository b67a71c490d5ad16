package io.sendense.licensing.issuer;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.TrustSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keys in a folder of their own: {@code <key id>.p8} (mode 0600) per key, {@code current}, which
 * names the one that signs, and {@code trust.json}, the public keys for appliance images. A new key
 * is published as soon as it is made and signs only after {@link #promote}; so appliances know it
 * first.
 */
public final class FileKeyCustody implements KeyCustody {
  private static final String SUFFIX = ".p8";
  private static final String CURRENT = "current";
  private static final String TRUST = "trust.json";
  private static final FileAttribute<?> ONLY_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> ONLY_OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final char[] passphrase;
  private final SecureRandom random;
  private final Map<String, RSAPrivateCrtKey> keys = new TreeMap<>();
  private String current = "";
  private FileTime seen = FileTime.fromMillis(0);

  private FileKeyCustody(Path folder, char[] passphrase, SecureRandom random) {
    this.folder = folder;
    this.passphrase = passphrase.clone();
    this.random = random;
  }

  /**
   * Opens the folder; makes it and a first key when there is none, which takes seconds.
   *
   * @param passphrase empty = keys are not encrypted, only their mode protects them
   * @throws SendenseException {@code WRONG_KEY} for another passphrase, {@code FORBIDDEN} for a key
   *     that others may read
   * @throws UncheckedIOException if the folder cannot be read or written
   */
  public static FileKeyCustody open(Path folder, char[] passphrase, SecureRandom random) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.toAbsolutePath().getParent());
        Files.createDirectory(folder, ONLY_OWNER_FOLDER);
      }
      FileKeyCustody custody = new FileKeyCustody(folder, passphrase, random);
      custody.load();
      if (custody.keys.isEmpty()) {
        custody.promote(custody.generate());
      }
      custody.write(TRUST, custody.published().toJwkSet().getBytes(StandardCharsets.US_ASCII));
      return custody;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized String generate() {
    refresh();
    KeyPair pair = Ps512.newKey(random);
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair.getPrivate();
    String id = TrustSet.keyId((RSAPublicKey) pair.getPublic());
    try {
      write(id + SUFFIX, SealedKey.seal(key, passphrase, random));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    keys.put(id, key);
    try {
      write(TRUST, published().toJwkSet().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return id;
  }

  @Override
  public synchronized void promote(String keyId) {
    find(keyId);
    try {
      write(CURRENT, keyId.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    current = keyId;
  }

  @Override
  public synchronized void withdraw(String keyId) {
    refresh();
    find(keyId);
    if (keyId.equals(current)) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "the licence signing key " + keyId + " signs now",
          "Promote another key first.");
    }
    try {
      Files.delete(folder.resolve(keyId + SUFFIX));
      keys.remove(keyId);
      write(TRUST, published().toJwkSet().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized String currentKeyId() {
    refresh();
    return current;
  }

  @Override
  public byte[] sign(String keyId, byte[] signingInput) {
    return Ps512.sign(find(keyId), signingInput, random);
  }

  @Override
  public synchronized TrustSet published() {
    refresh();
    return TrustSet.of(keys.values().stream().map(SealedKey::publicHalf).toList());
  }

  /** Another replica may have changed the folder, which shows in its time. */
  private void refresh() {
    try {
      FileTime changed = Files.getLastModifiedTime(folder);
      if (!changed.equals(seen)) {
        keys.clear();
        load();
        seen = Files.getLastModifiedTime(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized RSAPrivateCrtKey find(String keyId) {
    RSAPrivateCrtKey key = keys.get(keyId);
    if (key == null) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "there is no licence signing key " + keyId + " in " + folder,
          "Known are " + keys.keySet() + ".");
    }
    return key;
  }

  private void load() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        refuseReadableByOthers(file);
        RSAPrivateCrtKey key =
            SealedKey.open(Files.readAllBytes(file), passphrase, file.toString());
        keys.put(TrustSet.keyId(SealedKey.publicHalf(key)), key);
      }
    }
    Path pointer = folder.resolve(CURRENT);
    if (Files.exists(pointer)) {
      String id = Files.readString(pointer, StandardCharsets.US_ASCII).strip();
      find(id);
      current = id;
    } else if (!keys.isEmpty()) {
      promote(keys.keySet().iterator().next());
    }
  }

  private static void refuseReadableByOthers(Path file) throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> owner =
        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    if (!owner.containsAll(mode)) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "the licence signing key " + file + " may be read by others than its owner",
          "Run: chmod 600 " + file + ". Consider a new key: this one may be known.");
    }
  }

  /** Whole or not at all, also over a loss of power. */
  private void write(String name, byte[] content) throws IOException {
    Path part = folder.resolve(name + ".part");
    Files.deleteIfExists(part);
    try {
      Files.createFile(part, ONLY_OWNER);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("somebody else writes " + part, e);
    }
    try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
