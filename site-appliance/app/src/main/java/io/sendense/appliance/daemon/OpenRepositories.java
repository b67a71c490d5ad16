package io.sendense.appliance.daemon;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.appliance.store.StoreAccess;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.spi.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

  OpenRepositories(DaemonConfig config, Environment environment, StoreAccess access) {
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
    Door door = doors.get(name);
    if (door == null) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "the policy names repository \"" + name + "\", which is not configured here",
          "Add it to the appliance's configuration, or change the policy.");
    }
    return door.open();
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

    private Open openAnew() {
      RepositoryUrl url = entry.url();
      ObjectStore store = url.open(access);
      try {
        Repository repository =
            Repository.open(store, RepositorySecret.keyFile(entry.keyFile()), environment);
        Open fresh = new Open(entry.name(), url.location(), store, repository);
        given.add(fresh);
        return fresh;
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
