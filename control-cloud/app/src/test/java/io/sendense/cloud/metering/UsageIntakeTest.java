package io.sendense.cloud.metering;

import static io.sendense.cloud.db.metering.Tables.ALERT;
import static io.sendense.cloud.db.metering.Tables.HEAD;
import static io.sendense.cloud.db.metering.Tables.RECORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.billing.metering.UsageRecord;
import io.sendense.billing.metering.VmUsage;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.domain.Edition;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.domain.VmId;
import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsageIntakeTest {
  private static final Instant HOUR = Instant.parse("2026-11-20T22:00:00Z");

  private MoneyFixture money;

  @BeforeAll
  void start() {
    money = new MoneyFixture();
  }

  @AfterAll
  void stop() {
    money.close();
  }

  @Test
  void recordsAreAcceptedOnceHoweverOftenTheyAreSent() {
    ApplianceIdentity identity = money.tenant("once", "UTC");
    MoneyFixture.Sender sender = hours(identity, 3);
    UsageBatch batch = sender.batch();
    UsageAnswer first = sender.send(batch);
    assertThat(first.outcome()).isEqualTo(UsageAnswer.Outcome.ACCEPTED);
    assertThat(first.accepted()).isEqualTo(3);
    assertThat(first.acknowledgedThrough()).isEqualTo(3);
    for (int again = 0; again < 5; again++) {
      assertThat(sender.send(batch).outcome()).isEqualTo(UsageAnswer.Outcome.DUPLICATE);
    }
    assertThat(count(identity, RECORD)).isEqualTo(3);
    assertThat(count(identity, HEAD)).isEqualTo(1);
    assertThat(records(identity)).hasSize(3);
  }

  @Test
  void sameBatchFromManyThreadsAtOnceIsStoredOnce() throws Exception {
    ApplianceIdentity identity = money.tenant("threads", "UTC");
    MoneyFixture.Sender sender = hours(identity, 20);
    UsageBatch batch = sender.batch();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<UsageAnswer> send = () -> sender.send(batch);
      int accepted = 0;
      for (Future<UsageAnswer> answer :
          threads.invokeAll(List.of(send, send, send, send, send, send, send, send))) {
        accepted += answer.get().accepted();
      }
      assertThat(accepted).isEqualTo(20);
    }
    assertThat(count(identity, RECORD)).isEqualTo(20);
  }

  @Test
  void gapIsAnsweredWithWhatIsHeld() {
    ApplianceIdentity identity = money.tenant("gap", "UTC");
    MoneyFixture.Sender sender = hours(identity, 4);
    List<UsageRecord> all =
        sender.chain.nextBatch(sender.key.getPrivate(), 10).orElseThrow().records();
    UsageAnswer answer = sender.send(signed(all.subList(2, 4), sender));
    assertThat(answer.outcome()).isEqualTo(UsageAnswer.Outcome.GAP);
    assertThat(answer.acknowledgedThrough()).isZero();
    assertThat(count(identity, RECORD)).isZero();
  }

  @Test
  void forgedBatchIsRefusedAndLeavesAnAlertAndNoRecord() {
    ApplianceIdentity identity = money.tenant("forged", "UTC");
    MoneyFixture.Sender sender = hours(identity, 2);
    UsageBatch batch = sender.batch();
    assertThatThrownBy(() -> money.intake.accept(identity, MoneyFixture.key().getPublic(), batch))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_REFUSED));
    assertThat(count(identity, RECORD)).isZero();
    assertThat(count(identity, ALERT)).isEqualTo(1);
  }

  @Test
  void usageOfAnotherApplianceIsRefused() {
    ApplianceIdentity identity = money.tenant("theirs", "UTC");
    ApplianceIdentity other = MoneyFixture.appliance(identity.msp(), identity.customer());
    MoneyFixture.Sender sender = hours(identity, 2);
    UsageBatch batch = sender.batch();
    assertThatThrownBy(() -> money.intake.accept(other, sender.key.getPublic(), batch))
        .isInstanceOf(SendenseException.class);
    assertThatThrownBy(() -> sender.send(new UsageBatch(new byte[] {1, 2, 3})))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
  }

  @Test
  void rolledBackApplianceGetsANewEpochAndAnAlertAndNoHourIsLost() {
    ApplianceIdentity identity = money.tenant("fork", "UTC");
    MoneyFixture.Sender sender = hours(identity, 3);
    sender.send(sender.batch());

    MoneyFixture.Sender restored = new MoneyFixture.Sender(identity, money.intake, sender.key);
    restored.chain.append(HOUR.plus(Duration.ofHours(7)), vms(77));
    restored.chain.append(HOUR.plus(Duration.ofHours(8)), vms(78));
    UsageBatch diverging = restored.batch();
    UsageAnswer answer = restored.send(diverging);
    assertThat(answer.outcome()).isEqualTo(UsageAnswer.Outcome.FORKED);
    assertThat(answer.epoch()).isEqualTo(2);
    assertThat(restored.send(diverging).epoch()).isEqualTo(2);

    restored.chain.beginEpoch(answer.epoch());
    assertThat(restored.send(restored.batch()).outcome()).isEqualTo(UsageAnswer.Outcome.ACCEPTED);
    assertThat(records(identity)).hasSize(5);
    assertThat(count(identity, ALERT)).isEqualTo(2);
  }

  @Test
  void otherTenantsSeeAndWriteNothing() {
    ApplianceIdentity identity = money.tenant("mine", "UTC");
    ApplianceIdentity stranger = money.tenant("stranger", "UTC");
    MoneyFixture.Sender sender = hours(identity, 2);
    sender.send(sender.batch());
    int seen =
        money.tx.run(
            Scope.customer(stranger.msp(), stranger.customer()),
            dsl ->
                dsl.fetchCount(RECORD, RECORD.APPLIANCE_ID.eq(identity.appliance().value()))
                    + dsl.fetchCount(HEAD)
                    + dsl.fetchCount(ALERT));
    assertThat(seen).isZero();
    assertThatThrownBy(
            () ->
                money.tx.run(
                    Scope.customer(stranger.msp(), stranger.customer()),
                    dsl ->
                        dsl.insertInto(ALERT)
                            .set(ALERT.MSP_ID, identity.msp().value())
                            .set(ALERT.CUSTOMER_ID, identity.customer().value())
                            .set(ALERT.APPLIANCE_ID, identity.appliance().value())
                            .set(ALERT.CODE, "x")
                            .set(ALERT.MESSAGE, "x")
                            .set(ALERT.AT, HOUR.atOffset(java.time.ZoneOffset.UTC))
                            .execute()))
        .hasMessageContaining("row-level security");
  }

  @Test
  void storedRecordCanBeNeitherChangedNorRemoved() {
    ApplianceIdentity identity = money.tenant("sealed", "UTC");
    MoneyFixture.Sender sender = hours(identity, 1);
    sender.send(sender.batch());
    Scope own = Scope.customer(identity.msp(), identity.customer());
    assertThatThrownBy(() -> money.tx.run(own, dsl -> dsl.deleteFrom(RECORD).execute()))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(
            () -> money.tx.run(own, dsl -> dsl.update(RECORD).set(RECORD.SEQUENCE, 9L).execute()))
        .hasMessageContaining("permission denied");
  }

  private MoneyFixture.Sender hours(ApplianceIdentity identity, int count) {
    MoneyFixture.Sender sender = money.sender(identity);
    for (int hour = 0; hour < count; hour++) {
      sender.chain.append(HOUR.plus(Duration.ofHours(hour)), vms(hour));
    }
    return sender;
  }

  private static UsageBatch signed(List<UsageRecord> records, MoneyFixture.Sender sender) {
    return new UsageBatch(
        io.sendense.billing.metering.UsageBatch.sign(records, sender.key.getPrivate()).toBytes());
  }

  private static List<VmUsage> vms(int moved) {
    return List.of(new VmUsage(new VmId(new UUID(1, 1)), Edition.BACKUP, true, 1, 1000, moved, 0));
  }

  private List<UsageRecord> records(ApplianceIdentity identity) {
    return money.tx.run(
        Scope.customer(identity.msp(), identity.customer()),
        dsl ->
            UsageRecords.between(
                dsl, identity.msp(), identity.customer(), HOUR, HOUR.plus(Duration.ofDays(1))));
  }

  private int count(ApplianceIdentity identity, Table<?> table) {
    return money.tx.run(
        Scope.customer(identity.msp(), identity.customer()),
        (DSLContext dsl) -> dsl.fetchCount(table));
  }
}
