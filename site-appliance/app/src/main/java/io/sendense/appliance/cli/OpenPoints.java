package io.sendense.appliance.cli;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.PointStore;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A repository of either kind, as far as its points go; which kind it is, a folder tells.
 *
 * @param location the same text for the same store
 * @param whole what is closed
 */
record OpenPoints(String location, PointStore repository, AutoCloseable whole)
    implements AutoCloseable {

  /**
   * @throws io.sendense.domain.SendenseException as {@link OpenRepository#open}; a chain needs no
   *     key
   */
  static OpenPoints open(Surroundings surroundings, CommonOptions options, String where) {
    RepositoryUrl url = surroundings.store(where);
    Optional<Path> chains = url.directory().filter(ChainRepository::isThere);
    if (chains.isPresent()) {
      ChainRepository chain =
          ChainRepository.open(chains.get(), surroundings.clock(), surroundings.random());
      return new OpenPoints(url.location(), chain, chain);
    }
    OpenRepository sealed = OpenRepository.open(surroundings, options, where);
    return new OpenPoints(sealed.location(), sealed.repository(), sealed);
  }

  @Override
  public void close() {
    switch (whole) {
      case OpenRepository sealed -> sealed.close();
      default -> repository.close();
    }
  }
}
