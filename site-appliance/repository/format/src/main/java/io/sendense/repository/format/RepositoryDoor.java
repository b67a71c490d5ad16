package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes and opens repositories. */
final class RepositoryDoor {
  private RepositoryDoor() {}

  static Repository init(
      ObjectStore store,
      RepositorySecret secret,
      RepositorySettings settings,
      Environment environment) {
    store.list(
        "",
        found -> {
          throw new SendenseException(
              ErrorCode.ALREADY_EXISTS,
              store.describe() + " is not empty; it holds " + found.name(),
              "Use an empty store, or open the repository that is there. Nothing was changed.");
        });
    UUID id = IndexPublisher.randomId(environment.random());
    FormatObject format = new FormatObject(id, environment.clock().instant(), settings);
    byte[] content = format.encode(IndexPublisher.salt(environment.random()));
    byte[] repositoryKey = new byte[Keys.KEY_BYTES];
    byte[] identityKey = new byte[Keys.KEY_BYTES];
    environment.random().nextBytes(repositoryKey);
    environment.random().nextBytes(identityKey);
    Keys keys =
        new Keys(
            id, repositoryKey, settings.identity().map(TenantIdentity::key).orElse(identityKey));
    UUID keyId = IndexPublisher.randomId(environment.random());
    byte[] key = KeyObject.encode(keyId, keys, checksum(content), secret, environment.random());
    IndexPublisher.putAndReadBack(store, FormatObject.NAME, content);
    IndexPublisher.putAndReadBack(store, KeyObject.name(keyId), key);
    return new SealedRepository(store, environment, format, keys);
  }

  static Repository open(ObjectStore store, RepositorySecret secret, Environment environment) {
    byte[] content;
    try {
      content = StoreReads.whole(store, FormatObject.NAME, FormatObject.BYTES_MAX);
    } catch (SendenseException e) {
      throw e.code() == ErrorCode.STORE_OBJECT_MISSING ? noRepository(store, e) : e;
    }
    FormatObject format = FormatObject.decode(content);
    Keys keys = keys(store, secret, format, checksum(content));
    return new SealedRepository(store, environment, format, keys);
  }

  private static Keys keys(
      ObjectStore store, RepositorySecret secret, FormatObject format, byte[] formatChecksum) {
    List<StoredObject> found = store.list(KeyObject.FOLDER);
    Optional<SendenseException> damage = Optional.empty();
    for (StoredObject object : found) {
      try {
        byte[] bytes = StoreReads.whole(store, object.name(), KeyObject.BYTES_MAX);
        Optional<Keys> keys =
            KeyObject.open(object.name(), bytes, format.repository(), formatChecksum, secret);
        if (keys.isPresent()) {
          return keys.get();
        }
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
        // Another key object may still open the repository.
        damage = Optional.of(e);
      }
    }
    if (damage.isPresent()) {
      throw damage.get();
    }
    throw found.isEmpty()
        ? Damage.of(KeyObject.FOLDER, "the repository has no key object")
        : new SendenseException(
            ErrorCode.WRONG_KEY,
            "the passphrase or key file does not open the repository in " + store.describe(),
            "Check SENDENSE_PASSPHRASE or --key-file. Without the right one nothing can be read.");
  }

  static byte[] checksum(byte[] object) {
    return java.util.Arrays.copyOfRange(
        object, object.length - Envelope.CHECKSUM_BYTES, object.length);
  }

  private static SendenseException noRepository(ObjectStore store, SendenseException cause) {
    return new SendenseException(
        ErrorCode.NOT_FOUND,
        "there is no repository in " + store.describe(),
        "Check the path, or make one with `repository init`.",
        cause);
  }
}
