package io.sendense.appliance.cli;

import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.PointStore;
import java.nio.file.Path;

/**
 * A repository of either kind in a folder, as far as its points go; which kind it is, the folder
 * tells.
 *
 * @param location absolute path of the folder
 * @param whole what is closed
 */
record OpenPoints(String location, PointStore repository, AutoCloseable whole)
    implements AutoCloseable {

  /**
   * @throws io.sendense.domain.SendenseException as {@link OpenRepository#open}; a chain needs no
   *     key
   */
  static OpenPoints open(Surroundings surroundings, CommonOptions options, Path folder) {
    if (ChainRepository.isThere(folder)) {
      ChainRepository chain =
          ChainRepository.open(folder, surroundings.clock(), surroundings.random());
      return new OpenPoints(folder.toAbsolutePath().normalize().toString(), chain, chain);
    }
    OpenRepository sealed = OpenRepository.open(surroundings, options, folder);
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
