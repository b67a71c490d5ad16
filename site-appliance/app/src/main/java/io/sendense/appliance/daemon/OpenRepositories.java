package io.sendense.appliance.daemon;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.spi.ObjectStore;
import java.util.HashMap;
import java.util.Map;

/**
 * The configured repositories, each opened when it is first needed and kept open. One that cannot
 * be opened is tried again the next time; one whose key was rotated is opened anew, and the old
 * handle stays good for who is reading by it. Any thread.
 */
final class OpenRepositories implements AutoCloseable {
  /**
   * One of them.
   *
   * @param location absolute path
   */
  record Open(String name, String location, ObjectStore store, Repository repository) {}

  private final DaemonConfig config;
  private final Environment environment;
  private final Map<String, Open> open = new HashMap<>();

  OpenRepositories(DaemonConfig config, Environment environment) {
    this.config = config;
    this.environment = environment;
  }

  /**
   * @throws SendenseException NOT_FOUND for a name that is not configured; the store's and the
   *     key's own failures
   */
  synchronized Open open(String name) {
    Open known = open.get(name);
    if (known != null && known.repository().keys().current()) {
      return known;
    }
    DaemonConfig.RepositoryEntry entry =
        config
            .repository(name)
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.NOT_FOUND,
                        "the policy names repository \""
                            + name
                            + "\", which is not configured here",
                        "Add it to the appliance's configuration, or change the policy."));
    ObjectStore store = LocalObjectStore.open(entry.path());
    try {
      Repository repository =
          Repository.open(store, RepositorySecret.keyFile(entry.keyFile()), environment);
      String location = entry.path().toAbsolutePath().normalize().toString();
      Open fresh = new Open(name, location, store, repository);
      open.put(name, fresh);
      return fresh;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    for (Open each : open.values()) {
      each.repository().close();
      each.store().close();
    }
    open.clear();
  }
}
