package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.protocol.CommandResult;
import io.sendense.protocol.Health;
import io.sendense.protocol.ReportedState;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxTest {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir Path folder;
  private DaemonDatabase database;

  @BeforeEach
  void open() {
    database = DaemonDatabase.open(folder);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whatWasNotAcknowledgedIsSentAgainUnchangedAfterARestart() {
    outbox().add(result());
    ReportedState first = next(outbox());
    database.close();
    database = DaemonDatabase.open(folder);
    outbox().add(result());
    assertThat(next(outbox())).isEqualTo(first);
  }

  @Test
  void whatCameWhileAReportWasUnderWayIsInTheNextOne() {
    Outbox outbox = outbox();
    CommandResult one = result();
    CommandResult two = result();
    outbox.add(one);
    ReportedState first = next(outbox);
    outbox.add(two);
    outbox.acknowledged(first);
    ReportedState second = next(outbox);
    assertThat(first.commands()).containsExactly(one);
    assertThat(second.commands()).containsExactly(two);
    assertThat(second.sequence()).isEqualTo(first.sequence() + 1);
    outbox.acknowledged(second);
    assertThat(outbox.hasNews()).isFalse();
  }

  @Test
  void aNewEpochBeginsAtOneAndLosesNothing() {
    Outbox outbox = outbox();
    CommandResult one = result();
    outbox.add(one);
    ReportedState first = next(outbox);
    outbox.beginEpoch();
    ReportedState again = next(outbox);
    assertThat(again.epoch()).isNotEqualTo(first.epoch());
    assertThat(again.sequence()).isEqualTo(1);
    assertThat(again.commands()).containsExactly(one);
  }

  @Test
  void aReportHasABound() {
    Outbox outbox = outbox();
    for (int i = 0; i < 150; i++) {
      outbox.add(result());
    }
    ReportedState first = next(outbox);
    outbox.acknowledged(first);
    assertThat(first.commands()).hasSize(100);
    assertThat(next(outbox).commands()).hasSize(50);
  }

  private Outbox outbox() {
    return new Outbox(database, InstantSource.fixed(NOON), "test", UUID::randomUUID);
  }

  private static ReportedState next(Outbox outbox) {
    return outbox.next(1, () -> new Health(Health.Level.OK, "VALID", List.of(), 0), List::of);
  }

  private static CommandResult result() {
    return new CommandResult(UUID.randomUUID(), CommandResult.Outcome.SUCCEEDED, NOON, "Done.");
  }
}
