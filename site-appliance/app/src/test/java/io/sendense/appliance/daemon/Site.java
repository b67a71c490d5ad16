package io.sendense.appliance.daemon;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.domain.Edition;
import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import io.sendense.engine.limits.BackupWindow;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.licensing.grant.TrustSet;
import io.sendense.protocol.Command;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Health;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.ReportedState;
import io.sendense.testkit.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** The daemon's real parts over a real database, on time that a test moves. */
final class Site implements AutoCloseable {
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  static final Intervals INTERVALS = new Intervals(30, 60, 3600, 300, 0);

  final ManualClock clock = new ManualClock(START);
  final AtomicLong nanos = new AtomicLong(1_000);
  final Path folder;
  DaemonConfig config;
  final Signal news = new Signal();
  final Signal due = new Signal();
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  final DaemonLog log = new DaemonLog(new PrintStream(lines, true, StandardCharsets.UTF_8), clock);
  DaemonDatabase database;
  Desired desired;
  Inventory inventory;
  Outbox outbox;
  Usage usage;
  HeldPoints points;
  Troubles troubles;
  LicenceKeeper licence;
  HardwareFacts hardware = HardwareFacts.NONE;
  TrustSet trust = Grants.trust();

  Site(Path folder) {
    this.folder = folder;
    this.config =
        new DaemonConfig(
            List.of(
                new DaemonConfig.RepositoryEntry(
                    "main", RepositoryUrl.of(folder.resolve("repository")), folder.resolve("key"))),
            List.of(
                new DaemonConfig.VmEntry("shop", folder.resolve("shop.qmp"), folder),
                new DaemonConfig.VmEntry("mail", folder.resolve("mail.qmp"), folder)),
            Optional.empty());
    open();
  }

  /** As after a kill: everything is made again over what the database holds. */
  void restart() {
    database.close();
    open();
  }

  void open() {
    database = DaemonDatabase.open(folder);
    desired = new Desired(database);
    inventory = new Inventory(config, database, UUID::randomUUID);
    outbox = new Outbox(database, clock, "test", UUID::randomUUID);
    usage = new Usage(database, Grants.APPLIANCE, desired, clock);
    points = new HeldPoints(database, inventory, outbox, usage, clock);
    troubles = new Troubles(database, log);
    licence =
        new LicenceKeeper(
            database,
            trust,
            keys -> trust = keys,
            Grants.CUSTOMER,
            Grants.APPLIANCE,
            hardware,
            clock,
            nanos::get,
            UUID::randomUUID,
            log);
  }

  Scheduler scheduler(BackupRunner backups) {
    return scheduler(backups, JobPool.direct());
  }

  Scheduler scheduler(BackupRunner backups, JobPool pool) {
    return new Scheduler(
        database, desired, backups, inventory, outbox, usage, clock, news, log, pool);
  }

  /** Gives a machine a backup window in UTC; schedulers made later go by it. */
  void window(String name, String... open) {
    BackupWindow window = BackupWindow.parse(ZoneOffset.UTC, List.of(open));
    List<DaemonConfig.VmEntry> vms =
        config.vms().stream()
            .map(
                vm ->
                    vm.name().equals(name)
                        ? new DaemonConfig.VmEntry(
                            name, vm.qmp(), vm.scratch(), Optional.of(window), vm.scripts())
                        : vm)
            .toList();
    config =
        new DaemonConfig(
            config.repositories(),
            vms,
            config.proxy(),
            config.limits(),
            config.house(),
            config.proofs());
    restart();
  }

  /** Both clocks go on, as they do while a machine runs. */
  void pass(Duration time) {
    clock.advance(time);
    nanos.addAndGet(time.toNanos());
  }

  VmId shop() {
    return inventory.id("shop");
  }

  ProtectionPolicy policy(Duration every, VmId... vms) {
    return new ProtectionPolicy(
        new PolicyId(new UUID(7, 7)),
        "policy",
        Edition.ENTERPRISE,
        List.of(vms),
        "main",
        every.toSeconds(),
        0,
        true);
  }

  DesiredState state(long version, List<ProtectionPolicy> policies, Command... commands) {
    return new DesiredState(Grants.APPLIANCE, version, policies, List.of(commands), INTERVALS);
  }

  Command command(String kind, Optional<VmId> vm) {
    return new Command(
        UUID.randomUUID(), kind, vm, clock.instant(), clock.instant().plus(Duration.ofHours(1)));
  }

  JobResult result(ProtectionPolicy policy, VmId vm, JobResult.Outcome outcome, String error) {
    boolean done = outcome == JobResult.Outcome.SUCCEEDED;
    return new JobResult(
        UUID.randomUUID(),
        "backup",
        vm,
        Optional.of(policy.id()),
        outcome,
        clock.instant(),
        clock.instant(),
        done ? Optional.of("point") : Optional.empty(),
        done ? Optional.empty() : Optional.of(error),
        done ? Optional.empty() : Optional.of("It did not work."));
  }

  /** What waits to be told, as the next report would say it. */
  ReportedState waiting() {
    return outbox.next(1, () -> new Health(Health.Level.OK, "VALID", List.of(), 0), List::of);
  }

  String said() {
    return lines.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    database.close();
  }
}
