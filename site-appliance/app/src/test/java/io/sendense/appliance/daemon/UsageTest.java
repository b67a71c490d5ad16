package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.billing.metering.UsageBatch;
import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.UsageAnswer;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UsageTest {
  private static final ApplianceId APPLIANCE = new ApplianceId(new UUID(1, 1));

  @TempDir Path folder;
  private DaemonDatabase database;
  private KeyPair keys;
  private Instant now = Instant.parse("2026-11-20T12:34:56Z");
  private VmId vm;

  @BeforeEach
  void open() throws Exception {
    database = DaemonDatabase.open(folder);
    keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
    DaemonConfig config =
        new DaemonConfig(
            List.of(),
            List.of(new DaemonConfig.VmEntry("shop", folder, folder)),
            java.util.Optional.empty());
    vm = new Inventory(config, database, UUID::randomUUID).id("shop");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void oneRecordIsWrittenPerPeriod() {
    Usage usage = usage();
    assertThat(usage.recordIfDue()).isTrue();
    assertThat(usage.recordIfDue()).isFalse();
    now = now.plus(Duration.ofHours(1));
    assertThat(usage.recordIfDue()).isTrue();
    assertThat(usage.waiting()).isEqualTo(2);
  }

  @Test
  void aRecordSaysWhatIsHeldAndWhatMovedSinceTheOneBefore() {
    protect();
    Usage usage = usage();
    usage.pointMade("one", "main", vm, 1_000, 50_000);
    usage.record();
    usage.record();
    List<UsageRecord> records = usage.nextBatch(keys.getPrivate()).orElseThrow().records();
    assertThat(records.getFirst().vms())
        .containsExactly(new VmUsage(vm, Edition.BACKUP, true, 1, 1_000, 50_000, 0));
    assertThat(records.getLast().vms())
        .containsExactly(new VmUsage(vm, Edition.BACKUP, true, 1, 1_000, 0, 0));
  }

  @Test
  void recordsWaitUntilTheyAreAcknowledgedAndOutliveARestart() {
    usage().record();
    usage().record();
    UsageBatch first = usage().nextBatch(keys.getPrivate()).orElseThrow();
    database.close();
    database = DaemonDatabase.open(folder);
    UsageBatch again = usage().nextBatch(keys.getPrivate()).orElseThrow();
    assertThat(again.records()).isEqualTo(first.records());
    assertThat(again.signedBy(keys.getPublic())).isTrue();
    UsageAnswer answer =
        new UsageAnswer(UsageAnswer.Outcome.ACCEPTED, "usage", 1, again.lastSequence(), 2);
    assertThat(usage().answered(again, answer)).isFalse();
    assertThat(usage().waiting()).isZero();
    usage().record();
    assertThat(usage().nextBatch(keys.getPrivate()).orElseThrow().firstSequence()).isEqualTo(3);
  }

  @Test
  void aForkOpensAnEpochAndDiscardsNothing() {
    usage().record();
    UsageBatch batch = usage().nextBatch(keys.getPrivate()).orElseThrow();
    UsageAnswer forked = new UsageAnswer(UsageAnswer.Outcome.FORKED, "usage", 2, 0, 0);
    assertThat(usage().answered(batch, forked)).isTrue();
    UsageBatch again = usage().nextBatch(keys.getPrivate()).orElseThrow();
    assertThat(again.chain().epoch()).isEqualTo(2);
    assertThat(again.firstSequence()).isEqualTo(1);
    assertThat(again.records().getFirst().hour()).isEqualTo(batch.records().getFirst().hour());
  }

  @Test
  void aPointThatWasFoundTwiceIsHeldOnce() {
    Usage usage = usage();
    assertThat(usage.held("one", "main", vm, 10)).isTrue();
    assertThat(usage.held("one", "main", vm, 10)).isFalse();
  }

  private Usage usage() {
    return new Usage(database, APPLIANCE, new Desired(database), () -> now);
  }

  private void protect() {
    new Desired(database)
        .replace(
            new DesiredState(
                APPLIANCE,
                1,
                List.of(
                    new ProtectionPolicy(
                        new PolicyId(new UUID(3, 3)),
                        "p",
                        Edition.BACKUP,
                        List.of(vm),
                        "main",
                        60,
                        1,
                        true)),
                List.of(),
                Intervals.DEFAULT));
  }
}
