package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobRecord;
import io.sendense.repository.format.CollectOptions;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.StoredObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection under way ends soon after it was cancelled, and its record says so. */
class CancelledCollectionTest {
  @TempDir Path folder;

  @Test
  void endsAtItsNextCallToTheStore() {
    try (Fixture fixture = new Fixture(folder);
        Repository repository =
            Repository.open(
                new CancelsOnceItWrites(fixture),
                RepositorySecret.key(new byte[32]),
                Environment.of(fixture.clock, new SecureRandom()))) {
      assertThatThrownBy(
              () ->
                  new CollectJob(fixture.context())
                      .run(repository, CollectOptions.defaults().withScratch(folder), "here"))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));

      JobRecord job = fixture.state.jobs().newest(1).getFirst();
      assertThat(job.kind()).isEqualTo(JobRecord.Kind.COLLECT);
      assertThat(job.errorCode().orElseThrow()).isEqualTo(ErrorCode.CANCELLED.id());
      assertThat(fixture.heard).contains(Phase.COLLECT.label());
    }
  }

  @Test
  void theFirstStepOfHealingCallsTheStoreNoMoreToo() {
    try (Fixture fixture = new Fixture(folder);
        CancelsOnceItWrites store = new CancelsOnceItWrites(fixture);
        Repository repository =
            Repository.open(
                store,
                RepositorySecret.key(new byte[32]),
                Environment.of(fixture.clock, new SecureRandom()))) {
      assertThatThrownBy(
              () -> new HealJob(fixture.context()).run(repository, Optional.empty(), "here"))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));

      assertThat(store.listingsAfter).isZero();
    }
  }

  /** The first thing that a collection, or a healing, writes is its intent. */
  private static final class CancelsOnceItWrites extends ForwardingObjectStore {
    private final Fixture fixture;
    private boolean cancelled;
    private int listingsAfter;

    CancelsOnceItWrites(Fixture fixture) {
      super(fixture.store);
      this.fixture = fixture;
    }

    @Override
    public StoredObject put(
        ObjectName name, byte[] content, int offset, int length, Optional<ObjectLock> lock) {
      StoredObject stored = super.put(name, content, offset, length, lock);
      fixture.control.cancel();
      cancelled = true;
      return stored;
    }

    @Override
    public void list(String at, Consumer<StoredObject> visitor) {
      listingsAfter += cancelled ? 1 : 0;
      super.list(at, visitor);
    }

    @Override
    public void close() {
      // The fixture's store outlives the repository.
    }
  }
}
