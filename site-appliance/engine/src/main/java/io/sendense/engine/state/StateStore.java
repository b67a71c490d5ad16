package io.sendense.engine.state;

import io.sendense.connectors.spi.OwnerRecords;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the appliance remembers in its state folder. Thread-safe; several processes may share a
 * folder.
 */
public final class StateStore implements AutoCloseable {
  private final Database database;
  private final JobLocks locks;
  private final JobStore jobs;
  private final Path folder;
  private @Nullable RestoreSteps restores;

  private StateStore(Path folder, Database database, JobLocks locks, JobStore jobs) {
    this.folder = folder;
    this.database = database;
    this.locks = locks;
    this.jobs = jobs;
  }

  /**
   * Opens the folder, makes it where it is missing, and marks as interrupted every job whose
   * process is gone.
   *
   * @throws io.sendense.domain.SendenseException STORE_UNKNOWN_VERSION for the state of a newer
   *     program; INTERNAL where the folder cannot be used
   */
  public static StateStore open(Path folder, InstantSource clock) {
    Database database = Database.open(folder, StateSchema.SCHEMA);
    try {
      JobLocks locks = new JobLocks(folder.resolve("locks"));
      JobStore jobs = new JobStore(database, locks, clock);
      jobs.markInterrupted();
      return new StateStore(folder, database, locks, jobs);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public JobStore jobs() {
    return jobs;
  }

  public JobLocks locks() {
    return locks;
  }

  /** Steps of restores; opened when first asked for, as most commands restore nothing. */
  public synchronized RestoreSteps restores() {
    RestoreSteps open = restores;
    if (open == null) {
      open = new RestoreSteps(Database.open(folder, RestoreSteps.SCHEMA));
      restores = open;
    }
    return open;
  }

  /** Owner records that live in this store. */
  public OwnerRecords ownerRecords() {
    return new SqliteOwnerRecords(database);
  }

  /** Remembers that a machine has a point in a repository; {@code repository} is its location. */
  public void notePoint(String repository, String vm, Instant at) {
    database.update(
        "INSERT INTO protected_vm (repository, vm, last_point_at) VALUES (?, ?, ?)"
            + " ON CONFLICT (repository, vm) DO UPDATE SET last_point_at = excluded.last_point_at",
        repository,
        vm,
        at.toEpochMilli());
  }

  /** Every machine and repository noted. */
  public List<ProtectedVm> protectedVms() {
    return database.query(
        "SELECT repository, vm FROM protected_vm ORDER BY repository, vm",
        row -> new ProtectedVm(row.getString(1), row.getString(2)));
  }

  @Override
  public synchronized void close() {
    RestoreSteps open = restores;
    if (open != null) {
      open.close();
    }
    database.close();
  }

  /** A machine with at least one point in the repository at that location. */
  public record ProtectedVm(String repository, String vm) {}
}
