package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.spi.StoredObject;
import java.time.Instant;
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
    settings
        .lock()
        .filter(lock -> !store.capabilities().lockModes().contains(lock.mode()))
        .ifPresent(
            lock -> {
              throw StoreFailure.unsupported(
                  store.describe(), "object lock in mode " + lock.mode());
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
            id,
            KeyRing.of(List.of(repositoryKey)),
            settings.identity().map(TenantIdentity::key).orElse(identityKey));
    UUID keyId = IndexPublisher.randomId(environment.random());
    byte[] key = KeyObject.encode(keyId, keys, checksum(content), secret, environment.random());
    ObjectStore locking = store;
    if (settings.lock().isPresent()) {
      Instant now = new PointMarks(store, keys, environment).storeTime();
      locking = LockedStore.of(store, format, format.generationOf(now));
    }
    IndexPublisher.putAndReadBack(locking, FormatObject.NAME, content);
    IndexPublisher.putAndReadBack(locking, KeyObject.name(keyId), key);
    return open(store, environment, format, new Opened(keyId, keys), checksum(content));
  }

  static Repository open(ObjectStore store, RepositorySecret secret, Environment environment) {
    byte[] content;
    try {
      content = StoreReads.whole(store, FormatObject.NAME, FormatObject.BYTES_MAX);
    } catch (SendenseException e) {
      throw e.code() == ErrorCode.STORE_OBJECT_MISSING ? noRepository(store, e) : e;
    }
    FormatObject format = FormatObject.decode(content);
    Opened opened = keys(store, secret, format, checksum(content));
    return open(store, environment, format, opened, checksum(content));
  }

  private static Repository open(
      ObjectStore store,
      Environment environment,
      FormatObject format,
      Opened opened,
      byte[] formatChecksum) {
    KeyHolders holders =
        new KeyHolders(store, opened.keys(), environment, opened.keyId(), formatChecksum);
    return new SealedRepository(store, environment, format, opened.keys(), holders);
  }

  private record Opened(UUID keyId, Keys keys) {}

  /** Of the key objects that the secret opens, the one with the newest epoch. */
  private static Opened keys(
      ObjectStore store, RepositorySecret secret, FormatObject format, byte[] formatChecksum) {
    List<StoredObject> found = store.list(KeyObject.FOLDER);
    Optional<SendenseException> damage = Optional.empty();
    Optional<Opened> newest = Optional.empty();
    for (StoredObject object : found) {
      try {
        byte[] bytes = StoreReads.whole(store, object.name(), KeyObject.BYTES_MAX);
        Optional<Keys> keys =
            KeyObject.open(object.name(), bytes, format.repository(), formatChecksum, secret);
        int best = newest.map(o -> o.keys().repositoryKey().epoch()).orElse(-1);
        if (keys.isPresent() && keys.get().repositoryKey().epoch() > best) {
          newest = Optional.of(new Opened(KeyObject.idOf(object.name()), keys.get()));
        }
      } catch (SendenseException e) {
        if (!Damage.isContent(e)) {
          throw e;
        }
        // Another key object may still open the repository.
        damage = Optional.of(e);
      }
    }
    if (newest.isPresent()) {
      return newest.get();
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
