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
 * Decides what is due and has it done by a pool, at most one backup of a machine at a time. When a
 * backup was last begun, whether it ended, and which commands were taken is durable: a restart does
 * nothing twice, and goes on at once with what it cut off. Outside a machine's backup window
 * nothing is begun by itself. The only place that tries a backup again: once, after a while.
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
  private final JobPool pool;

  Scheduler(
      DaemonDatabase database,
      Desired desired,
      BackupRunner backups,
      Inventory inventory,
      Outbox outbox,
      Usage usage,
      InstantSource clock,
      Signal news,
      DaemonLog log,
      JobPool pool) {
    this.database = database;
    this.desired = desired;
    this.backups = backups;
    this.inventory = inventory;
    this.outbox = outbox;
    this.usage = usage;
    this.clock = clock;
    this.news = news;
    this.log = log;
    this.pool = pool;
  }

  /** Does everything that is due now; true if there was something. */
  boolean runDue() {
    boolean did = false;
    for (Command command : desired.current().map(DesiredState::commands).orElse(List.of())) {
      if (take(command)) {
        execute(command);
        did = true;
      }
    }
    for (ProtectionPolicy policy : desired.active()) {
      for (VmId vm : policy.vms()) {
        if (mayBegin(vm) && due(policy, vm)) {
          did |= pool.begin(vm.toString(), needs(policy), scheduled(policy, vm));
        }
      }
    }
    return did;
  }

  private boolean mayBegin(VmId vm) {
    return !pool.busy(vm.toString()) && inWindow(vm);
  }

  /** Whether the machine is configured and its backups may run now. */
  private boolean inWindow(VmId vm) {
    return inventory
        .entry(vm)
        .filter(entry -> entry.window().map(window -> window.isOpen(clock.instant())).orElse(true))
        .isPresent();
  }

  /** The start is durable before the work waits its turn. */
  private Runnable scheduled(ProtectionPolicy policy, VmId vm) {
    String retry = retryKey(policy, vm);
    boolean first = database.setting(retry).isEmpty();
    database.unset(retry);
    begin(policy, vm, clock.instant());
    database.set(cutOffKey(policy, vm), "begun");
    return () -> runScheduled(policy, vm, first);
  }

  private void runScheduled(ProtectionPolicy policy, VmId vm, boolean first) {
    if (!inWindow(vm)) {
      return; // it closed while the job waited its turn; the mark makes it due when it opens
    }
    JobResult job = backups.run(policy, vm);
    if (job.outcome() != JobResult.Outcome.CANCELLED) {
      database.unset(cutOffKey(policy, vm)); // only the appliance's own end cancels a backup
    }
    ended(job);
    if (first && worthAnother(job)) {
      Duration half = Duration.ofSeconds(policy.everySeconds()).dividedBy(2);
      Instant at =
          clock.instant().plus(half.compareTo(LONGEST_RETRY_WAIT) < 0 ? half : LONGEST_RETRY_WAIT);
      database.set(retryKey(policy, vm), at.toString());
      log.info("the backup is tried once more at " + at);
    }
  }

  private static List<String> needs(ProtectionPolicy policy) {
    return List.of(JobLimits.APPLIANCE, JobLimits.REPOSITORY + policy.repository());
  }

  /** A licence that allows nothing now allows nothing in a quarter of an hour either. */
  private static boolean worthAnother(JobResult job) {
    return job.outcome() == JobResult.Outcome.FAILED
        && job.errorCode().filter(code -> code.startsWith("SD-6")).isEmpty();
  }

  private static String retryKey(ProtectionPolicy policy, VmId vm) {
    return "retry " + policy.id() + " " + vm;
  }

  private static String cutOffKey(ProtectionPolicy policy, VmId vm) {
    return "begun " + policy.id() + " " + vm;
  }

  private void execute(Command command) {
    if (!clock.instant().isBefore(command.deadline())) {
      answer(result(command, CommandResult.Outcome.EXPIRED, "Its deadline had passed."));
      return;
    }
    log.info("command " + command.kind() + " " + command.id());
    switch (command.kind()) {
      case Command.BACKUP_NOW -> backUpNow(command);
      case Command.SEND_USAGE -> {
        usage.record();
        answer(result(command, CommandResult.Outcome.SUCCEEDED, "A usage record was written."));
      }
      default ->
          answer(
              result(
                  command,
                  CommandResult.Outcome.REFUSED,
                  "This version does not know such commands."));
    }
  }

  private void answer(CommandResult result) {
    outbox.add(result);
    news.raise();
  }

  /** A person asked for it, so the backup window does not hold it back. */
  private void backUpNow(Command command) {
    Optional<VmId> vm = command.vm();
    Optional<ProtectionPolicy> policy = vm.flatMap(desired::policyOf);
    if (vm.isEmpty() || policy.isEmpty()) {
      answer(result(command, CommandResult.Outcome.REFUSED, "No policy in force covers the VM."));
      return;
    }
    boolean taken =
        pool.begin(
            vm.get().toString(),
            needs(policy.get()),
            () -> answer(backUpNow(command, policy.get(), vm.get())));
    if (!taken) {
      answer(
          result(
              command, CommandResult.Outcome.REFUSED, "A backup of the VM waits or runs already."));
    }
  }

  private CommandResult backUpNow(Command command, ProtectionPolicy policy, VmId vm) {
    Instant begun = clock.instant();
    JobResult job = backups.run(policy, vm);
    ended(job);
    if (job.outcome() == JobResult.Outcome.SUCCEEDED) {
      begin(policy, vm, begun); // a failed one takes nothing from the schedule
      return result(
          command,
          CommandResult.Outcome.SUCCEEDED,
          "Point " + job.point().orElse("?") + " was made.");
    }
    return result(
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
        || database.setting(cutOffKey(policy, vm)).isPresent()
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
