package io.sendense.billing.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UsageChainTest {
  private static final PublicKey KEY = Usages.KEY.getPublic();

  private final MemoryReceiver cloud = new MemoryReceiver();

  @Test
  void batchIsAcceptedOnceHoweverOftenItIsSent() throws Exception {
    UsageBatch batch = UsageBatch.ofBytes(Usages.batch(Usages.chain(5)).toBytes());
    assertThat(cloud.receive(batch, KEY))
        .isInstanceOfSatisfying(
            BatchVerdict.Accepted.class, accepted -> assertThat(accepted.fresh()).hasSize(5));
    for (int again = 0; again < 3; again++) {
      assertThat(cloud.receive(batch, KEY)).isEqualTo(new BatchVerdict.Duplicate(5));
    }
    assertThat(cloud.stored).hasSize(5);
  }

  @Test
  void gapIsAskedForAgainAndNothingIsStored() {
    List<UsageRecord> records = Usages.chain(6);
    cloud.receive(Usages.batch(records.subList(0, 2)), KEY);
    assertThat(cloud.receive(Usages.batch(records.subList(4, 6)), KEY))
        .isEqualTo(new BatchVerdict.Gap(3));
    assertThat(cloud.stored).hasSize(2);
  }

  @Test
  void forgedBatchesAreRefused() {
    List<UsageRecord> records = Usages.chain(2);
    UsageBatch strangers = UsageBatch.sign(records, Usages.STRANGERS_KEY.getPrivate());
    assertThat(cloud.receive(strangers, KEY)).isInstanceOf(BatchVerdict.Forged.class);
    assertThat(
            new BatchVerifier(cloud)
                .judge(Usages.batch(records), Usages.OTHER, Usages.KEY.getPublic()))
        .isInstanceOfSatisfying(
            BatchVerdict.Forged.class,
            forged -> assertThat(forged.what()).contains(Usages.OTHER.toString()));
    assertThat(cloud.stored).isEmpty();
  }

  @Test
  void recordsChangedUnderTheSignatureAreForged() throws Exception {
    List<UsageRecord> records = Usages.chain(1);
    UsageRecord first = records.getFirst();
    UsageRecord cheaper =
        new UsageRecord(first.id(), first.previous(), first.hour(), Usages.vms(1).subList(0, 1));
    UsageBatch changed = new UsageBatch(List.of(cheaper), Usages.batch(records).signature());
    assertThat(cloud.receive(changed, KEY)).isInstanceOf(BatchVerdict.Forged.class);
  }

  @Test
  void recordsOutOfOrderOrWithAHoleAreNoBatch() {
    List<UsageRecord> records = Usages.chain(4);
    assertThatThrownBy(() -> Usages.batch(records.reversed()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Usages.batch(List.of(records.get(0), records.get(2))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Usages.batch(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rolledBackApplianceBeginsANewEpochAndLosesNoHour() {
    MemoryUsageStore store = new MemoryUsageStore(Usages.CHAIN);
    UsageChain appliance = new UsageChain(store);
    Usages.chain(3).forEach(usage -> appliance.append(usage.hour(), usage.vms()));
    cloud.receive(appliance.nextBatch(Usages.KEY.getPrivate(), 100).orElseThrow(), KEY);

    MemoryUsageStore older = new MemoryUsageStore(Usages.CHAIN);
    UsageChain rolledBack = new UsageChain(older);
    rolledBack.append(Usages.START, Usages.vms(0));
    rolledBack.append(Usages.START.plus(Duration.ofHours(9)), Usages.vms(9));
    rolledBack.append(Usages.START.plus(Duration.ofHours(10)), Usages.vms(10));
    UsageBatch diverging = rolledBack.nextBatch(Usages.KEY.getPrivate(), 100).orElseThrow();
    BatchVerdict verdict = cloud.receive(diverging, KEY);

    assertThat(verdict)
        .isInstanceOfSatisfying(
            BatchVerdict.Fork.class,
            fork -> {
              assertThat(fork.at().sequence()).isEqualTo(2);
              assertThat(fork.newEpoch()).isEqualTo(2);
            });
    assertThat(cloud.receive(diverging, KEY))
        .as("the answer was lost: the same epoch is named again")
        .isEqualTo(verdict);

    rolledBack.beginEpoch(2);
    rolledBack.beginEpoch(2);
    rolledBack.append(Usages.START.plus(Duration.ofHours(11)), Usages.vms(11));
    UsageBatch rewritten = rolledBack.nextBatch(Usages.KEY.getPrivate(), 100).orElseThrow();
    assertThat(cloud.receive(rewritten, KEY)).isInstanceOf(BatchVerdict.Accepted.class);
    assertThat(cloud.stored.values().stream().map(UsageRecord::hour).collect(Collectors.toSet()))
        .hasSize(6);
    rolledBack.acknowledged(rewritten.chain(), rewritten.lastSequence());
    assertThat(older.unacknowledged(100)).isEmpty();
  }

  @Test
  void originalGoesOnAfterItsCloneForked() {
    List<UsageRecord> records = Usages.chain(5);
    cloud.receive(Usages.batch(records.subList(0, 3)), KEY);
    MemoryUsageStore store = new MemoryUsageStore(Usages.CHAIN);
    UsageChain clone = new UsageChain(store);
    clone.append(Usages.START, Usages.vms(77));
    assertThat(cloud.receive(clone.nextBatch(Usages.KEY.getPrivate(), 9).orElseThrow(), KEY))
        .isInstanceOf(BatchVerdict.Fork.class);
    assertThat(cloud.receive(Usages.batch(records.subList(3, 5)), KEY))
        .isInstanceOf(BatchVerdict.Accepted.class);
  }

  @Test
  void epochThatWasNeverOpenedIsNotAccepted() {
    MemoryUsageStore store = new MemoryUsageStore(new ChainId(Usages.APPLIANCE, "usage", 4));
    UsageChain eager = new UsageChain(store);
    eager.append(Usages.START, Usages.vms(0));
    assertThat(cloud.receive(eager.nextBatch(Usages.KEY.getPrivate(), 9).orElseThrow(), KEY))
        .isEqualTo(new BatchVerdict.UnknownEpoch(1));
  }

  @Test
  void batchStaysWithinWhatTheLinkCarries() {
    MemoryUsageStore store = new MemoryUsageStore(Usages.CHAIN);
    UsageChain chain = new UsageChain(store);
    List<VmUsage> many = new ArrayList<>();
    for (int i = 0; i < UsageRecord.MOST_VMS; i++) {
      many.add(
          new VmUsage(
              new io.sendense.domain.VmId(new java.util.UUID(0, i)),
              io.sendense.domain.Edition.BACKUP,
              true,
              1,
              1,
              1,
              0));
    }
    for (int hour = 0; hour < 8; hour++) {
      chain.append(Usages.START.plus(Duration.ofHours(hour)), many);
    }
    UsageBatch batch = chain.nextBatch(Usages.KEY.getPrivate(), 1000).orElseThrow();
    assertThat(batch.records()).hasSize(4);
    assertThat(batch.toBytes().length).isLessThan(2 * 1024 * 1024);
  }

  /** Any deliveries, as long as everything is sent at last, leave the same records. */
  @Property(tries = 60)
  void duplicatesReorderingSplitsAndReplaysChangeNothing(
      @ForAll @IntRange(min = 1, max = 30) int length, @ForAll long seed) {
    List<UsageRecord> records = Usages.chain(length);
    MemoryReceiver wild = new MemoryReceiver();
    Random random = new Random(seed);
    for (int delivery = 0; delivery < 20; delivery++) {
      int from = random.nextInt(length);
      int to = from + 1 + random.nextInt(length - from);
      assertThat(wild.receive(Usages.batch(records.subList(from, to)), KEY))
          .isInstanceOfAny(
              BatchVerdict.Accepted.class, BatchVerdict.Duplicate.class, BatchVerdict.Gap.class);
    }
    wild.receive(Usages.batch(records), KEY);
    assertThat(List.copyOf(wild.stored.values())).isEqualTo(records);
  }
}
