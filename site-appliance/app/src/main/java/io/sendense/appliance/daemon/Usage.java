package io.sendense.appliance.daemon;

import io.sendense.billing.metering.ChainId;
import io.sendense.billing.metering.UsageBatch;
import io.sendense.billing.metering.UsageChain;
import io.sendense.billing.metering.VmUsage;
import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.UsageAnswer;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes usage records at the server's interval and on demand and offers them until the cloud has
 * acknowledged them. Any thread.
 */
final class Usage {
  /** Keeps a batch of large sites below the link's bound. */
  private static final int RECORDS_PER_BATCH = 24;

  private static final String PERIOD = "usage.period";

  private final DaemonDatabase database;
  private final SqliteUsageStore store;
  private final UsageChain chain;
  private final Desired desired;
  private final InstantSource clock;

  Usage(DaemonDatabase database, ApplianceId appliance, Desired desired, InstantSource clock) {
    this.database = database;
    this.store = new SqliteUsageStore(database, appliance);
    this.chain = new UsageChain(store);
    this.desired = desired;
    this.clock = clock;
  }

  /** Notes a point that is held from now on and what was read to make it. */
  synchronized void pointMade(String point, String repository, VmId vm, long stored, long moved) {
    int rows =
        database.inTransaction(
            () -> {
              held(point, repository, vm, stored);
              return database.update(
                  "INSERT INTO moved (vm, bytes) VALUES (?, ?)"
                      + " ON CONFLICT (vm) DO UPDATE SET bytes = bytes + excluded.bytes",
                  vm.toString(),
                  moved);
            });
    if (rows != 1) {
      throw new IllegalStateException("moved bytes were not noted");
    }
  }

  /** Notes a point that was found; false when it was known. */
  synchronized boolean held(String point, String repository, VmId vm, long stored) {
    return database.update(
            "INSERT INTO held (point, repository, vm, stored) VALUES (?, ?, ?, ?)"
                + " ON CONFLICT DO NOTHING",
            point,
            repository,
            vm.toString(),
            stored)
        == 1;
  }

  /** Notes that a point is held no more; false when it was not noted. */
  synchronized boolean pointGone(String point, String repository) {
    return database.update("DELETE FROM held WHERE point = ? AND repository = ?", point, repository)
        == 1;
  }

  /** A point as it was noted. */
  record HeldPoint(String id, VmId vm) {}

  /** The points that count as held in a repository. */
  synchronized List<HeldPoint> heldIn(String repository) {
    return database.query(
        "SELECT point, vm FROM held WHERE repository = ? ORDER BY point",
        row -> new HeldPoint(row.getString(1), VmId.parse(row.getString(2))),
        repository);
  }

  /** Writes a record if a period has begun that has none yet. */
  synchronized boolean recordIfDue() {
    long period = clock.instant().getEpochSecond() / desired.intervals().usageSeconds();
    String now = desired.intervals().usageSeconds() + "/" + period;
    if (database.setting(PERIOD).filter(now::equals).isPresent()) {
      return false;
    }
    record();
    database.set(PERIOD, now);
    return true;
  }

  /** Writes a record of this hour now. */
  synchronized void record() {
    Instant hour = clock.instant().truncatedTo(ChronoUnit.HOURS);
    var written = chain.append(hour, perVm());
    if (written.id().sequence() < 1) {
      throw new IllegalStateException("not reached");
    }
  }

  synchronized Optional<UsageBatch> nextBatch(PrivateKey key) {
    return chain.nextBatch(key, RECORDS_PER_BATCH);
  }

  /** What the cloud said to a batch; false when there is nothing more to send now. */
  synchronized boolean answered(UsageBatch batch, UsageAnswer answer) {
    ChainId sent = batch.chain();
    switch (answer.outcome()) {
      case ACCEPTED, DUPLICATE ->
          chain.acknowledged(sent, Math.min(answer.acknowledgedThrough(), batch.lastSequence()));
      case GAP -> {
        return false; // the missing ones were acknowledged before: only the cloud can mend that
      }
      case FORKED -> chain.beginEpoch(answer.epoch());
    }
    return store.waiting() > 0;
  }

  synchronized long waiting() {
    return store.waiting();
  }

  private List<VmUsage> perVm() {
    record Held(int points, long stored) {}
    List<VmUsage> usage = new ArrayList<>();
    for (VmId vm :
        database.query("SELECT id FROM vm ORDER BY id", row -> VmId.parse(row.getString(1)))) {
      Held held =
          database
              .query(
                  "SELECT count(*), coalesce(sum(stored), 0) FROM held WHERE vm = ?",
                  row -> new Held(row.getInt(1), row.getLong(2)),
                  vm.toString())
              .getFirst();
      long moved =
          database
              .query(
                  "SELECT coalesce(sum(bytes), 0) FROM moved WHERE vm = ?",
                  row -> row.getLong(1),
                  vm.toString())
              .getFirst();
      Optional<ProtectionPolicy> policy = desired.policyOf(vm);
      Edition edition = policy.map(ProtectionPolicy::edition).orElse(Edition.COMMUNITY);
      usage.add(
          new VmUsage(vm, edition, policy.isPresent(), held.points(), held.stored(), moved, 0));
    }
    return usage;
  }
}
