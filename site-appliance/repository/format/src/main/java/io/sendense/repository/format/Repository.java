package io.sendense.repository.format;

import io.sendense.repository.spi.ObjectStore;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
   * Loads the native code that every open repository uses. Nothing needs it to be called: whoever
   * has a thread to spare before a repository is opened saves that time.
   */
  static void warmUp() {
    PassphraseKey.warmUp();
    BlobCodec.warmUp();
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
   * Remembers in the repository, for all who use it, which packs a verification found missing or
   * damaged. From then on their content counts as not stored: the next backup stores again what it
   * finds at the source, and {@link #heal} takes the rest from a copy. Safe beside writers.
   *
   * @return how many packs were not known as damaged before
   * @throws io.sendense.domain.SendenseException the store's own failures, STORE_READ_ONLY among
   *     them
   */
  int recordDamage(VerifyReport report);

  /**
   * Stores again what points need of packs recorded as damaged: what can still be read where it is,
   * and the rest from a copy. Nothing sealed is changed; new packs hold the content and a new index
   * tells where it is. Points whose own object is damaged are brought again from the copy.
   * Everything stored is read back. Safe beside writers; run again after a crash it goes on.
   *
   * @param copy another repository of the tenant
   * @param progress hears of tree nodes walked, not of bytes
   * @throws io.sendense.domain.SendenseException FORBIDDEN where the copy is another tenant's;
   *     either store's failures
   */
  HealReport heal(Optional<Repository> copy, VerifyReport.Progress progress);

  /**
   * Moves the data of old points to cheaper tiers of the store: whole packs, each only when every
   * point that needs it is old enough. Trees, indexes and points stay where they are. What a
   * younger point needs and lies in the archive is asked back. Safe beside writers, which rely on
   * no archived pack; run again after a crash it goes on.
   *
   * @param keepReadable points that are not archived whatever their age, such as those just asked
   *     back; the newest point of each machine never is
   * @param dryRun say only what would be moved
   * @throws io.sendense.domain.SendenseException STORE_UNSUPPORTED where the store lacks a tier;
   *     STORE_DAMAGED where a tree cannot be read, so that nothing is moved
   */
  TierReport tier(
      TierPolicy policy, Set<PointId> keepReadable, boolean dryRun, Cancellation cancellation);

  /** Without a way to cancel it. */
  default TierReport tier(TierPolicy policy, Set<PointId> keepReadable, boolean dryRun) {
    return tier(policy, keepReadable, dryRun, Cancellation.NEVER);
  }

  /**
   * How much of a point's data lies in an archive.
   *
   * @param ask begin to bring it back; what is on its way already is not asked for again
   * @throws io.sendense.domain.SendenseException as {@link #point}
   */
  Recall recall(PointId id, boolean ask);

  /**
   * Deletes a point. It is listed no more from here on; what it alone needs goes when the deletion
   * age has passed and somebody collects, and until then it can still be read by its id. Deleting a
   * deleted point is not an error.
   *
   * @param why a sentence for people
   * @throws io.sendense.domain.SendenseException NOT_FOUND; STORE_LOCKED where a hold or a lock
   *     keeps it, with the date
   */
  void deletePoint(PointId id, String why);

  /**
   * Puts a legal hold on a point: no policy and no command deletes it until the hold is released.
   *
   * @param why a sentence for people
   * @throws io.sendense.domain.SendenseException NOT_FOUND, also for a deleted point
   */
  void hold(PointId id, String why);

  /** Releases a hold; releasing none is not an error. */
  void release(PointId id);

  /**
   * What keeps each of some points from being deleted now. One call per point where locks exist.
   */
  Map<PointId, PointGuard> guards(Collection<PointId> points);

  /**
   * Removes what no point needs any more and the deletion age has passed over. Safe beside writers,
   * readers and other collectors, on any host.
   *
   * @throws io.sendense.domain.SendenseException STORE_DAMAGED where something cannot be read that
   *     may say what is needed: nothing was changed; DEADLINE_EXCEEDED where the run took longer
   *     than a writer may; the store's own failures
   */
  CollectReport collect(
      CollectOptions options, Cancellation cancellation, CollectProgress progress);

  /** Without a way to cancel it or to see how far it is. */
  default CollectReport collect(CollectOptions options) {
    return collect(options, Cancellation.NEVER, CollectProgress.NONE);
  }

  /**
   * Makes indexes again for packs that no readable index names, from the packs alone. Returns how
   * many packs that were. Safe beside writers.
   */
  int rebuildIndexes(Cancellation cancellation);

  /** Without a way to cancel it. */
  default int rebuildIndexes() {
    return rebuildIndexes(Cancellation.NEVER);
  }

  /** The secrets that open this repository. */
  RepositoryKeys keys();

  /** How its points are locked; empty where they are not. */
  Optional<RepositoryLock> lock();

  /** The tenant's identity, for making another repository of the same tenant. */
  TenantIdentity identity();

  /** Frees memory; the store stays open, it is the caller's. May be called twice. */
  @Override
  void close();
}
