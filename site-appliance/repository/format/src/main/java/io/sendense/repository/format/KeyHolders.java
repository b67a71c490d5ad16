package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The key objects of an open repository; {@link RepositoryKeys} says what is promised. */
final class KeyHolders implements RepositoryKeys {
  private final ObjectStore store;
  private final Keys keys;
  private final Environment environment;
  private final UUID usedId;
  private final byte[] formatChecksum;

  /** Key objects already seen to be of no newer epoch; at most as many as there ever were. */
  private final Set<ObjectName> known = ConcurrentHashMap.newKeySet();

  /**
   * @param usedId the key object that opened the repository
   */
  KeyHolders(
      ObjectStore store, Keys keys, Environment environment, UUID usedId, byte[] formatChecksum) {
    this.store = store;
    this.keys = keys;
    this.environment = environment;
    this.usedId = usedId;
    this.formatChecksum = formatChecksum;
  }

  @Override
  public int epoch() {
    return keys.repositoryKey().epoch();
  }

  @Override
  public List<Holder> list() {
    List<Holder> holders = new ArrayList<>();
    for (StoredObject object : store.list(KeyObject.FOLDER)) {
      read(object)
          .map(
              key ->
                  new Holder(
                      key.id(),
                      key.form(),
                      key.epoch(),
                      object.storedAt(),
                      key.id().equals(usedId)))
          .ifPresent(holders::add);
    }
    holders.sort(Comparator.comparing(Holder::storedAt).thenComparing(Holder::id));
    return holders;
  }

  @Override
  public UUID add(RepositorySecret secret) {
    checkCurrent();
    return put(keys, secret);
  }

  @Override
  public void remove(UUID id) {
    if (id.equals(usedId)) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "key " + PackId.hex(id) + " is the one that opened the repository just now",
          "Open the repository with another secret to remove this one, so that one that works"
              + " always remains.");
    }
    ObjectName name = KeyObject.name(id);
    byte[] old;
    try {
      old = StoreReads.whole(store, name, KeyObject.BYTES_MAX);
    } catch (SendenseException e) {
      throw e.code() == ErrorCode.STORE_OBJECT_MISSING
          ? new SendenseException(
              ErrorCode.NOT_FOUND,
              "there is no key " + PackId.hex(id) + " in " + store.describe(),
              "List the keys with `repository key list`.",
              e)
          : e;
    }
    store.delete(name);
    if (store.list(KeyObject.FOLDER).isEmpty()) {
      // Somebody removed ours while we removed theirs: a repository without a key is lost data.
      IndexPublisher.putAndReadBack(store, name, old);
    }
  }

  @Override
  public int rotate(RepositorySecret secret) {
    checkCurrent();
    byte[] fresh = new byte[Keys.KEY_BYTES];
    environment.random().nextBytes(fresh);
    Keys rotated = keys.rotated(fresh);
    checkMayRemove();
    List<StoredObject> before = store.list(KeyObject.FOLDER);
    UUID id = put(rotated, secret);
    refuseTwinOf(id, rotated.repositoryKey().epoch());
    Optional<SendenseException> kept = Optional.empty();
    for (StoredObject object : before) {
      try {
        store.delete(object.name());
      } catch (SendenseException e) {
        if (e.code() != ErrorCode.STORE_LOCKED) {
          kept = Optional.of(e);
        }
      }
    }
    if (kept.isPresent()) {
      throw new SendenseException(
          ErrorCode.STORE_UNAVAILABLE,
          "the key was rotated, but an old secret's key object could not be removed",
          "List the keys with `repository key list` and remove those of an older epoch.",
          kept.get());
    }
    return rotated.repositoryKey().epoch();
  }

  @Override
  public boolean current() {
    for (StoredObject object : store.list(KeyObject.FOLDER)) {
      if (!known.contains(object.name())) {
        if (read(object).filter(key -> key.epoch() > epoch()).isPresent()) {
          return false;
        }
        known.add(object.name());
      }
    }
    return true;
  }

  /**
   * Refuses to go on where the repository's key was rotated since it was opened.
   *
   * @throws SendenseException CONFLICT
   */
  void checkCurrent() {
    if (!current()) {
      throw rotatedSince();
    }
  }

  /**
   * Refuses before anything is put where the old secrets could not be removed afterwards: asks for
   * a key that is not there, which a store refuses that grants rights by name, and for an intent of
   * its own, which one refuses that looks only at what is there.
   */
  private void checkMayRemove() {
    ObjectName none = KeyObject.name(IndexPublisher.randomId(environment.random()));
    try {
      store.delete(none);
      new PointMarks(store, keys, environment).storeTime();
    } catch (SendenseException e) {
      if (e.code() != ErrorCode.FORBIDDEN) {
        throw e;
      }
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "the old secrets could not be removed, so the key was not rotated: " + e.getMessage(),
          "Ask whoever runs the store for the right to delete keys (at another appliance:"
              + " delete:keys), or rotate the key there. No key was changed.",
          e);
    }
  }

  /** Two rotations at once: whoever sees the other takes its own back, so at most one stands. */
  private void refuseTwinOf(UUID id, int epoch) {
    boolean twin = list().stream().anyMatch(h -> h.epoch() >= epoch && !h.id().equals(id));
    if (twin) {
      store.delete(KeyObject.name(id));
      throw rotatedSince();
    }
  }

  private UUID put(Keys holding, RepositorySecret secret) {
    UUID id = IndexPublisher.randomId(environment.random());
    byte[] key = KeyObject.encode(id, holding, formatChecksum, secret, environment.random());
    IndexPublisher.putAndReadBack(store, KeyObject.name(id), key);
    return id;
  }

  private Optional<KeyObject> read(StoredObject object) {
    try {
      byte[] bytes = StoreReads.whole(store, object.name(), KeyObject.BYTES_MAX);
      return Optional.of(
          KeyObject.decode(
              object.name(), KeyObject.envelope(object.name(), bytes, keys.repositoryId())));
    } catch (SendenseException e) {
      if (Damage.isContent(e)) {
        // Removed since it was listed, or damaged: verify names it.
        return Optional.empty();
      }
      throw e;
    }
  }

  private static SendenseException rotatedSince() {
    return new SendenseException(
        ErrorCode.CONFLICT,
        "the repository's key was rotated since the repository was opened",
        "Open the repository again with a secret of the new key; nothing was changed.");
  }
}
