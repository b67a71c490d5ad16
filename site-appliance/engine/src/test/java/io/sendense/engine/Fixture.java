package io.sendense.engine;

import io.sendense.engine.state.StateStore;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.Tuning;
import io.sendense.repository.memory.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A state store, a repository in memory and a listener that writes everything down. */
final class Fixture implements AutoCloseable {
  static final int CHUNK = 64 << 10;

  final InstantSource clock = InstantSource.system();
  final StateStore state;
  final MemoryObjectStore store = new MemoryObjectStore(clock);
  final Repository repository;
  final JobControl control = new JobControl(Duration.ofMinutes(1));
  final List<String> heard = new ArrayList<>();
  final String location;

  Fixture(Path folder) {
    this(folder, Tuning.defaults().withPackBytes(1 << 20));
  }

  Fixture(Path folder, Tuning tuning) {
    state = StateStore.open(folder.resolve("state"), clock);
    location = folder.resolve("repository").toString();
    repository =
        Repository.init(
            store,
            RepositorySecret.key(new byte[32]),
            RepositorySettings.defaults().withChunkBytes(CHUNK),
            new Environment(clock, new SecureRandom(), tuning));
  }

  JobContext context() {
    return new JobContext(
        state, clock, new Random(7), new JobSettings(4, 8), control, new Listener());
  }

  BackupReport backUp(ScriptedSource source) {
    return new BackupJob(context(), new CommunityLicence())
        .run("web", source, repository, location);
  }

  byte[] content(RestorePoint point, int disk) {
    try (var reader = repository.read(point.id())) {
      ByteBuffer buffer = ByteBuffer.allocate((int) point.disks().get(disk).sizeBytes());
      reader.disk(disk).read(0, buffer);
      return buffer.array();
    }
  }

  @Override
  public void close() {
    repository.close();
    state.close();
  }

  private final class Listener implements JobListener {
    @Override
    public void entered(Phase phase) {
      heard.add(phase.label());
    }

    @Override
    public void advanced(Phase phase, Progress progress) {
      if (progress.doneBytes() > progress.totalBytes()) {
        throw new AssertionError("more done than there is: " + progress);
      }
    }

    @Override
    public void warned(String text) {
      heard.add("warning: " + text);
    }
  }
}
