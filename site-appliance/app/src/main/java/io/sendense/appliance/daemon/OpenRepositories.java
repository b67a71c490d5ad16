package io.sendense.appliance.daemon;

import io.sendense.appliance.store.StoreAccess;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.PolicyId;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.spi.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The configured repositories, each opened when it is first needed and kept open. One that cannot
 * be opened is tried again the next time, and holds nobody up who wants another; one whose key was
 * rotated is opened anew, and the old handle stays good for who is reading by it. Any thread.
 */
final class OpenRepositories implements AutoCloseable {
  /**
   * One of them.
   *
   * @param location the same text for the same store
   */
  record Open(String name, String location, ObjectStore store, Repository repository) {
    void close() {
      repository.close();
      store.close();
    }
  }

  private final Map<String, Door> doors = new TreeMap<>();
  private final Bandwidths bandwidths;

  /**
   * @param bandwidths that all transfers pass
   */
  OpenRepositories(
      DaemonConfig config, Environment environment, Bandwidths bandwidths, StoreAccess access) {
    this.bandwidths = bandwidths;
    for (DaemonConfig.RepositoryEntry entry : config.repositories()) {
      doors.put(entry.name(), new Door(entry, environment, access));
    }
  }

  /** All that are configured. */
  List<String> names() {
    return List.copyOf(doors.keySet());
  }

  /**
   * @throws SendenseException NOT_FOUND for a name that is not configured; the store's and the
   *     key's own failures
   */
  Open open(String name) {
    return door(name).open();
  }

  /**
   * The policy's repository, within the policy's bandwidth.
   *
   * @throws SendenseException as {@link #open(String)}
   */
  Open open(ProtectionPolicy policy) {
    Door door = door(policy.repository());
    return policy.megabytesPerSecond().isEmpty()
        ? door.open()
        : door.within(policy.id(), store -> bandwidths.within(policy, store));
  }

  private Door door(String name) {
    Door door = doors.get(name);
    if (door == null) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "the policy names repository \"" + name + "\", which is not configured here",
          "Add it to the appliance's configuration, or change the policy.");
    }
    return door;
  }

  @Override
  public void close() {
    doors.values().forEach(Door::close);
  }

  /** One repository and every handle on it that was given out. */
  private static final class Door {
    private final DaemonConfig.RepositoryEntry entry;
    private final Environment environment;
    private final StoreAccess access;
    private final List<Open> given = new ArrayList<>();
    private final Map<PolicyId, Open> ofPolicies = new HashMap<>();

    Door(DaemonConfig.RepositoryEntry entry, Environment environment, StoreAccess access) {
      this.entry = entry;
      this.environment = environment;
      this.access = access;
    }

    synchronized Open open() {
      Optional<Open> current =
          given.isEmpty()
              ? Optional.empty()
              : Optional.of(given.getLast()).filter(last -> last.repository().keys().current());
      return current.orElseGet(this::openAnew);
    }

    /** A handle of the policy's own on the store that all share. */
    synchronized Open within(PolicyId policy, UnaryOperator<ObjectStore> limited) {
      Open shared = open();
      Open known = ofPolicies.get(policy);
      if (known != null && known.repository().keys().current()) {
        return known;
      }
      Open own = opened(limited.apply(shared.store()));
      ofPolicies.put(policy, own);
      given.addFirst(own); // the last one is the one that is shared
      return own;
    }

    private Open openAnew() {
      Open fresh = opened(entry.url().open(access));
      given.add(fresh);
      return fresh;
    }

    private Open opened(ObjectStore store) {
      try {
        Repository repository =
            Repository.open(store, RepositorySecret.keyFile(entry.keyFile()), environment);
        return new Open(entry.name(), entry.url().location(), store, repository);
      } catch (RuntimeException e) {
        store.close();
        throw e;
      }
    }

    synchronized void close() {
      given.forEach(Open::close);
      given.clear();
    }
  }
}
