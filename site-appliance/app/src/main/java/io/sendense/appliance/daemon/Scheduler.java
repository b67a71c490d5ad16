package io.sendense.appliance.daemon;

import io.sendense.domain.VmId;
import io.sendense.protocol.Command;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.ProtectionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Decides what is due and does it, one thing after the other, on its own thread. When a backup was
 * last begun and which commands were taken is durable, so neither a restart nor a command that is
 * seen twice does anything twice. The only place that tries a backup again: once, after a while.
 */
final class Scheduler {
  private static final Duration LONGEST_RETRY_WAIT = Duration.ofMinutes(15);

  private final DaemonDatabase database;
  private final Desired desired;
  private final BackupRunner backups;
  private final Inventory inventory;
  private final Outbox outbox;
  private final Usage usage;
  private final InstantSource clock;
  private final Signal news;
  private final DaemonLog log;

  Scheduler(
      DaemonDatabase database,
      Desired desired,
      BackupRunner backups,
      Inventory inventory,
      Outbox outbox,
      Usage usage,
      InstantSource clock,
      Signal news,
      DaemonLog log) {
    this.database = database;
    this.desired = desired;
    this.backups = backups;
    this.inventory = inventory;
    this.outbox = outbox;
    this.usage = usage;
    this.clock = clock;
    this.news = news;
    this.log = log;
  }

  /** Does everything that is due now; true if there was something. */
  boolean runDue() {
    boolean did = false;
    for (Command command : desired.current().map(DesiredState::commands).orElse(List.of())) {
      if (take(command)) {
        outbox.add(execute(command));
        news.raise();
        did = true;
      }
    }
    for (ProtectionPolicy policy : desired.active()) {
      for (VmId vm : policy.vms()) {
        if (inventory.entry(vm).isPresent() && due(policy, vm)) {
          runScheduled(policy, vm);
          did = true;
        }
      }
    }
    return did;
  }

  private void runScheduled(ProtectionPolicy policy, VmId vm) {
    String retry = retryKey(policy, vm);
    boolean first = database.setting(retry).isEmpty();
    database.unset(retry);
    begin(policy, vm, clock.instant());
    JobResult job = backups.run(policy, vm);
    ended(job);
    if (first && worthAnother(job)) {
      Duration half = Duration.ofSeconds(policy.everySeconds()).dividedBy(2);
      Instant at =
          clock.instant().plus(half.compareTo(LONGEST_RETRY_WAIT) < 0 ? half : LONGEST_RETRY_WAIT);
      database.set(retry, at.toString());
      log.info("the backup is tried once more at " + at);
    }
  }

  /** A licence that allows nothing now allows nothing in a quarter of an hour either. */
  private static boolean worthAnother(JobResult job) {
    return job.outcome() != JobResult.Outcome.SUCCEEDED
        && job.errorCode().filter(code -> code.startsWith("SD-6")).isEmpty();
  }

  private static String retryKey(ProtectionPolicy policy, VmId vm) {
    return "retry " + policy.id() + " " + vm;
  }

  private CommandResult execute(Command command) {
    if (!clock.instant().isBefore(command.deadline())) {
      return result(command, CommandResult.Outcome.EXPIRED, "Its deadline had passed.");
    }
    log.info("command " + command.kind() + " " + command.id());
    return switch (command.kind()) {
      case Command.BACKUP_NOW -> backUpNow(command);
      case Command.SEND_USAGE -> {
        usage.record();
        yield result(command, CommandResult.Outcome.SUCCEEDED, "A usage record was written.");
      }
      default ->
          result(
              command, CommandResult.Outcome.REFUSED, "This version does not know such commands.");
    };
  }

  private CommandResult backUpNow(Command command) {
    Optional<VmId> vm = command.vm();
    Optional<ProtectionPolicy> policy = vm.flatMap(desired::policyOf);
    if (vm.isEmpty() || policy.isEmpty()) {
      return result(command, CommandResult.Outcome.REFUSED, "No policy in force covers the VM.");
    }
    Instant begun = clock.instant();
    JobResult job = backups.run(policy.get(), vm.get());
    ended(job);
    if (job.outcome() == JobResult.Outcome.SUCCEEDED) {
      begin(policy.get(), vm.get(), begun); // a failed one takes nothing from the schedule
    }
    return job.outcome() == JobResult.Outcome.SUCCEEDED
        ? result(
            command,
            CommandResult.Outcome.SUCCEEDED,
            "Point " + job.point().orElse("?") + " was made.")
        : result(
            command, CommandResult.Outcome.FAILED, job.errorText().orElse("The backup failed."));
  }

  private void ended(JobResult job) {
    if (job.outcome() == JobResult.Outcome.SUCCEEDED) {
      usage.record();
    }
    news.raise();
  }

  /** False when the command was taken before. */
  private boolean take(Command command) {
    return database.update(
            "INSERT INTO command (id, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
            command.id().toString(),
            clock.instant().toEpochMilli())
        == 1;
  }

  /** A start that lies in the future means that the clock was set back: then it is due. */
  private boolean due(ProtectionPolicy policy, VmId vm) {
    List<Instant> started =
        database.query(
            "SELECT at FROM started WHERE policy = ? AND vm = ?",
            row -> Instant.ofEpochMilli(row.getLong(1)),
            policy.id().toString(),
            vm.toString());
    if (started.isEmpty()) {
      return true;
    }
    Instant now = clock.instant();
    Duration since = Duration.between(started.getFirst(), now);
    return since.isNegative()
        || since.toSeconds() >= policy.everySeconds()
        || database
            .setting(retryKey(policy, vm))
            .filter(at -> !now.isBefore(Instant.parse(at)))
            .isPresent();
  }

  private void begin(ProtectionPolicy policy, VmId vm, Instant at) {
    int rows =
        database.update(
            "INSERT INTO started (policy, vm, at) VALUES (?, ?, ?)"
                + " ON CONFLICT (policy, vm) DO UPDATE SET at = excluded.at",
            policy.id().toString(),
            vm.toString(),
            at.toEpochMilli());
    if (rows != 1) {
      throw new IllegalStateException("the start was not noted");
    }
  }

  private CommandResult result(Command command, CommandResult.Outcome outcome, String text) {
    return new CommandResult(command.id(), outcome, clock.instant(), text);
  }
}
