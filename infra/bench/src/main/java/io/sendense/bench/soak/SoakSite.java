package io.sendense.bench.soak;

import io.sendense.engine.Bandwidth;
import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobListener;
import io.sendense.engine.JobSettings;
import io.sendense.engine.state.StateStore;
import io.sendense.repository.decorators.Throttle;
import io.sendense.repository.decorators.ThrottledObjectStore;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.local.LocalObjectStore;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * One appliance in one process: its state, its repository, and one limit each for what is read from
 * sources, put into the store and read from it, as the daemon has them.
 */
final class SoakSite implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  /** As short as lets garbage go within the run: what is deleted goes after two of them. */
  private static final RepositorySettings SETTINGS =
      new RepositorySettings(
          CHUNK_BYTES,
          Duration.ofMinutes(5),
          Duration.ofMinutes(6),
          Duration.ofDays(10),
          Optional.empty());

  private final Path folder;
  private final InstantSource clock = InstantSource.system();
  private final SecureRandom random = new SecureRandom();
  private final Throttle source;
  private final StateStore state;
  private final LocalObjectStore store;
  private final Repository repository;

  /**
   * @param bytesPerSecond of each kind of transfer; {@link Throttle#UNLIMITED} for no limit
   */
  SoakSite(Path folder, long bytesPerSecond) {
    this.folder = folder;
    source = new Throttle(bytesPerSecond);
    state = StateStore.open(folder.resolve("state"), clock);
    store = LocalObjectStore.create(folder.resolve("repository"));
    repository =
        Repository.init(
            new ThrottledObjectStore(
                store, new Throttle(bytesPerSecond), new Throttle(bytesPerSecond)),
            RepositorySecret.key(new byte[32]),
            SETTINGS,
            Environment.of(clock, random));
  }

  JobContext context() {
    Bandwidth bandwidth = (bytes, control) -> source.take(bytes, control::check);
    return new JobContext(
        state,
        clock,
        random,
        JobSettings.defaults().withSource(bandwidth),
        new JobControl(Duration.ofHours(1)),
        JobListener.silent());
  }

  Path folder() {
    return folder;
  }

  InstantSource clock() {
    return clock;
  }

  SecureRandom random() {
    return random;
  }

  StateStore state() {
    return state;
  }

  Repository repository() {
    return repository;
  }

  String location() {
    return folder.resolve("repository").toString();
  }

  @Override
  public void close() {
    repository.close();
    store.close();
    state.close();
  }
}
