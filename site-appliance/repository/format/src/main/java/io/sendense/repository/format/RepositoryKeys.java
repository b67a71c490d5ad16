package io.sendense.repository.format;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The secrets that open a repository. No call touches what is stored but the key objects.
 * Thread-safe.
 */
public interface RepositoryKeys {
  /**
   * One secret that opens the repository.
   *
   * @param epoch newest epoch of the repository's key that it opens; lower than the repository's
   *     own where a rotation left it behind
   * @param storedAt when it was added, by the store's clock
   * @param used it is the one this repository was opened with
   */
  record Holder(UUID id, RepositorySecret.Form form, int epoch, Instant storedAt, boolean used) {}

  /** How often the repository's key was rotated, as far as the secret given can tell. */
  int epoch();

  /**
   * Whether the key was not rotated since this repository was opened, so that it may begin further
   * points. Costs one listing.
   */
  boolean current();

  /** All secrets, in the order they were added. */
  List<Holder> list();

  /**
   * Lets a further secret open the repository.
   *
   * @throws io.sendense.domain.SendenseException CONFLICT where the key was rotated since this
   *     repository was opened
   */
  UUID add(RepositorySecret secret);

  /**
   * Removes a secret. Whoever kept a copy of its key object and the secret can still read what was
   * sealed before the next {@link #rotate}.
   *
   * @throws io.sendense.domain.SendenseException NOT_FOUND; FORBIDDEN for the secret this
   *     repository was opened with, so that one that works always remains; STORE_LOCKED
   */
  void remove(UUID id);

  /**
   * Makes a new repository key for all that is sealed from now on, and removes every secret but the
   * one given; no stored object is rewritten. Where a lock keeps an old key object, it goes on
   * opening what was sealed before.
   *
   * <p>Writers at work finish under the old key. This repository, and every other open one, reads
   * on but begins no further point until it is opened anew.
   *
   * @param secret the first to open the new key; may be the one in use
   * @return the new epoch
   * @throws io.sendense.domain.SendenseException LIMIT_REACHED after 255 rotations; CONFLICT where
   *     another rotation came first
   */
  int rotate(RepositorySecret secret);
}
