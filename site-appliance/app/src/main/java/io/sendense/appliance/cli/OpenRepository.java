package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.spi.ObjectStore;
import java.nio.file.Path;

/**
 * A sealed repository in a folder, opened with its key.
 *
 * @param location absolute path of the folder
 */
record OpenRepository(String location, ObjectStore store, Repository repository)
    implements AutoCloseable {

  /**
   * @throws io.sendense.domain.SendenseException NOT_FOUND, WRONG_KEY, STORE_UNKNOWN_VERSION and
   *     the key's own failures
   */
  static OpenRepository open(Surroundings surroundings, CommonOptions options, Path folder) {
    if (ChainRepository.isThere(folder)) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          folder + " holds plain qcow2 chains, which have no keys and nothing sealed",
          "Use a repository of the kind sealed for this.");
    }
    ObjectStore store = LocalObjectStore.open(folder);
    try {
      return new OpenRepository(
          folder.toAbsolutePath().normalize().toString(),
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
