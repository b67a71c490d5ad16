package io.sendense.appliance.cli;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.spi.ObjectStore;

/**
 * A sealed repository opened with its key.
 *
 * @param location the same text for the same store
 */
record OpenRepository(String location, ObjectStore store, Repository repository)
    implements AutoCloseable {

  /**
   * @throws io.sendense.domain.SendenseException NOT_FOUND, WRONG_KEY, STORE_UNKNOWN_VERSION and
   *     the key's own failures
   */
  static OpenRepository open(Surroundings surroundings, CommonOptions options, String where) {
    RepositoryUrl url = surroundings.store(where);
    if (url.directory().filter(ChainRepository::isThere).isPresent()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          where + " holds plain qcow2 chains, which have no keys and nothing sealed",
          "Use a repository of the kind sealed for this.");
    }
    ObjectStore store = url.open(surroundings.access());
    try {
      return new OpenRepository(
          url.location(),
          store,
          Repository.open(
              store,
              options.key.secret(surroundings),
              Environment.of(surroundings.clock(), surroundings.random())));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public void close() {
    repository.close();
    store.close();
  }
}
