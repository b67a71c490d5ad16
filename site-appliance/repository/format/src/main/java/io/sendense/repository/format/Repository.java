package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectStore;

/**
 * A sealed repository of restore points in an object store. Thread-safe. Any number of processes
 * may write to one store at once; none takes a lock.
 */
public interface Repository extends PointStore {
  /**
   * Makes a repository in an empty store and opens it.
   *
   * @param store stays the caller's to close
   * @throws io.sendense.domain.SendenseException ALREADY_EXISTS where the store holds any object
   */
  static Repository init(
      ObjectStore store,
      RepositorySecret secret,
      RepositorySettings settings,
      Environment environment) {
    return RepositoryDoor.init(store, secret, settings, environment);
  }

  /**
   * Opens a repository. Costs two small reads and, for a passphrase, its derivation.
   *
   * @param store stays the caller's to close
   * @throws io.sendense.domain.SendenseException WRONG_KEY, NOT_FOUND where there is no repository,
   *     STORE_UNKNOWN_VERSION, STORE_DAMAGED
   */
  static Repository open(ObjectStore store, RepositorySecret secret, Environment environment) {
    return RepositoryDoor.open(store, secret, environment);
  }

  /**
   * Begins a point: publishes an intent and returns a writer.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND or STORE_DAMAGED for the parent;
   *     CONFLICT where the repository's key was rotated since it was opened; the store's own
   *     failures
   */
  @Override
  PointWriter beginPoint(PointDraft draft);

  /**
   * Prepares to bring a point of another repository of the same tenant here, whatever keys and
   * secrets the two have. Writes nothing yet.
   *
   * @throws io.sendense.domain.SendenseException FORBIDDEN where the other repository belongs to
   *     another tenant, BAD_ARGUMENT where it is this one, NOT_FOUND or STORE_DAMAGED for the point
   */
  PointCopy copyFrom(Repository source, PointId id);

  /**
   * Makes indexes again for packs that no readable index names, from the packs alone. Returns how
   * many packs that were. Safe beside writers.
   */
  int rebuildIndexes();

  /** The secrets that open this repository. */
  RepositoryKeys keys();

  /** The tenant's identity, for making another repository of the same tenant. */
  TenantIdentity identity();

  /** Frees memory; the store stays open, it is the caller's. May be called twice. */
  @Override
  void close();
}
