package io.sendense.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateStoreTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

  @TempDir Path folder;

  @Test
  void ownerRecordsAreKeptInOrderAcrossARestart() {
    try (StateStore store = StateStore.open(folder, CLOCK)) {
      OwnerRecords records = store.ownerRecords();
      records.add(new Resource("qmp", "bitmap", "b1"));
      records.add(new Resource("qmp", "bitmap", "b1"));
      records.add(new Resource("other", "bitmap", "b9"));
      records.add(new Resource("qmp", "scratch-file", "s1"));
      records.remove(new Resource("qmp", "bitmap", "never there"));
    }
    try (StateStore store = StateStore.open(folder, CLOCK)) {
      assertThat(store.ownerRecords().list("qmp"))
          .containsExactly(
              new Resource("qmp", "bitmap", "b1"), new Resource("qmp", "scratch-file", "s1"));
    }
  }

  @Test
  void aJobWhoseLockIsFreeIsMarkedInterruptedAtTheNextStart() {
    try (StateStore store = StateStore.open(folder, CLOCK)) {
      store.jobs().start("1", JobRecord.Kind.BACKUP, "backup web", "web", "/r", "prepare");
      store.jobs().enter("1", "read", "");
    }
    try (StateStore store = StateStore.open(folder, CLOCK)) {
      JobRecord job = store.jobs().newest(1).getFirst();
      assertThat(job.state()).isEqualTo(JobRecord.State.INTERRUPTED);
      assertThat(job.reason()).contains(JobStore.INTERRUPTED);
      assertThat(job.phase()).isEqualTo("read");
      assertThat(store.jobs().phases("1")).containsExactly("prepare", "read", "interrupted");
    }
  }

  @Test
  void aJobWhoseLockIsHeldIsLeftRunning() {
    try (StateStore store = StateStore.open(folder, CLOCK);
        JobLocks.Held _ = store.locks().take("backup web", "busy")) {
      store.jobs().start("1", JobRecord.Kind.BACKUP, "backup web", "web", "/r", "prepare");
      try (StateStore second = StateStore.open(folder, CLOCK)) {
        assertThat(second.jobs().newest(1).getFirst().state()).isEqualTo(JobRecord.State.RUNNING);
      }
    }
  }

  @Test
  void aLockIsTakenOnceAndFreeAfterwards() {
    try (StateStore store = StateStore.open(folder, CLOCK)) {
      try (JobLocks.Held _ = store.locks().take("backup web", "web is being backed up")) {
        assertThatThrownBy(() -> store.locks().take("backup web", "web is being backed up"))
            .isInstanceOfSatisfying(
                SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
      }
      store.locks().take("backup web", "web is being backed up").close();
    }
  }

  @Test
  void aFinishedJobKeepsItsEnd() {
    try (StateStore store = StateStore.open(folder, CLOCK)) {
      store.jobs().start("1", JobRecord.Kind.BACKUP, "backup web", "web", "/r", "prepare");
      store
          .jobs()
          .succeed(
              "1",
              Optional.of("p"),
              Optional.of("full"),
              Optional.of("first"),
              new JobRecord.Bytes(3, 2, 1));
      store.jobs().fail("1", new SendenseException(ErrorCode.CANCELLED, "late", ""));
      JobRecord job = store.jobs().newest(1).getFirst();
      assertThat(job.state()).isEqualTo(JobRecord.State.SUCCEEDED);
      assertThat(job.bytes()).isEqualTo(new JobRecord.Bytes(3, 2, 1));
    }
  }

  @Test
  void theFolderIsForItsOwnerOnly() throws Exception {
    Path inner = folder.resolve("state");
    StateStore.open(inner, CLOCK).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inner)))
        .isEqualTo("rwx------");
  }

  @Test
  void theStateOfANewerProgramIsRefused() throws Exception {
    StateStore.open(folder, CLOCK).close();
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve(StateSchema.SCHEMA.file()));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 2");
    }
    assertThatThrownBy(() -> StateStore.open(folder, CLOCK))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNKNOWN_VERSION));
  }

  @Test
  void everyCommitIsDurableBeforeItReturns() {
    try (Database database = Database.open(folder, StateSchema.SCHEMA)) {
      assertThat(database.query("PRAGMA synchronous", row -> row.getInt(1))).containsExactly(2);
      assertThat(database.query("PRAGMA journal_mode", row -> row.getString(1)))
          .containsExactly("wal");
    }
  }
}
