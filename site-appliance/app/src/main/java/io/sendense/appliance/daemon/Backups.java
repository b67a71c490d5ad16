package io.sendense.appliance.daemon;

import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.domain.VmId;
import io.sendense.engine.BackupJob;
import io.sendense.engine.BackupReport;
import io.sendense.engine.JobContext;
import io.sendense.engine.JobControl;
import io.sendense.engine.JobListener;
import io.sendense.engine.JobSettings;
import io.sendense.engine.LicenceGate;
import io.sendense.engine.retention.RetentionPolicy;
import io.sendense.engine.retention.RetentionRun;
import io.sendense.engine.state.StateStore;
import io.sendense.protocol.Health;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.repository.format.PointId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Runs backups and writes down what came of them. Any thread. */
final class Backups implements BackupRunner {
  /** Longer than any disk takes, short enough that nothing hangs for ever. */
  private static final Duration LIMIT = Duration.ofDays(7);

  private final StateStore state;
  private final OpenRepositories repositories;
  private final Bandwidths bandwidths;
  private final Inventory inventory;
  private final Sources sources;
  private final LicenceGate gate;
  private final Outbox outbox;
  private final HeldPoints points;
  private final Troubles troubles;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Supplier<UUID> ids;
  private final DaemonLog log;
  private final Set<JobControl> running = ConcurrentHashMap.newKeySet();

  Backups(
      StateStore state,
      OpenRepositories repositories,
      Bandwidths bandwidths,
      Inventory inventory,
      Sources sources,
      LicenceGate gate,
      Outbox outbox,
      HeldPoints points,
      Troubles troubles,
      InstantSource clock,
      SecureRandom random,
      Supplier<UUID> ids,
      DaemonLog log) {
    this.state = state;
    this.repositories = repositories;
    this.bandwidths = bandwidths;
    this.inventory = inventory;
    this.sources = sources;
    this.gate = gate;
    this.outbox = outbox;
    this.points = points;
    this.troubles = troubles;
    this.clock = clock;
    this.random = random;
    this.ids = ids;
    this.log = log;
  }

  void cancel() {
    running.forEach(JobControl::cancel);
  }

  @Override
  public JobResult run(ProtectionPolicy policy, VmId vm) {
    Instant startedAt = clock.instant();
    String name = inventory.entry(vm).map(DaemonConfig.VmEntry::name).orElse(vm.toString());
    log.info("backup of " + name + " begins, policy \"" + policy.name() + "\"");
    JobResult result;
    try {
      BackupReport report = backUp(policy, vm);
      points.made(report.point(), vm, policy.repository(), report.bytes().read());
      result = succeeded(policy, vm, startedAt, report);
      log.info(
          report.mode().label()
              + " backup of "
              + name
              + " succeeded: point "
              + report.point().id()
              + ", "
              + report.bytes().read()
              + " bytes read, "
              + report.bytes().stored()
              + " stored");
      retain(policy, vm, name);
      report.notes().forEach(note -> log.info("backup of " + name + ": " + note));
      report.warnings().forEach(warning -> log.warn("backup of " + name + ": " + warning));
    } catch (SendenseException e) {
      result = failed(policy, vm, startedAt, e);
      log.error("backup of " + name + " failed: " + e.code().id() + " " + e.getMessage());
    } catch (RuntimeException e) {
      result =
          failed(
              policy,
              vm,
              startedAt,
              new SendenseException(ErrorCode.INTERNAL, "a defect: " + e, "Report it.", e));
      log.error("backup of " + name + " failed by a defect: " + e);
    }
    outbox.add(result);
    return result;
  }

  private BackupReport backUp(ProtectionPolicy policy, VmId vm) {
    DaemonConfig.VmEntry entry =
        inventory
            .entry(vm)
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.NOT_FOUND,
                        "the policy names VM " + vm + ", which is not configured here",
                        "Remove it from the policy or add it to the appliance's configuration."));
    OpenRepositories.Open open = repositories.open(policy);
    PolicyTerms.requireLock(policy, open.repository().lock());
    JobControl control = control(entry);
    JobContext context =
        new JobContext(
            state,
            clock,
            random,
            JobSettings.defaults()
                .withScripts(entry.scripts())
                .withSource(bandwidths.source(policy)),
            control,
            JobListener.silent());
    running.add(control);
    try {
      SourceConnector source = sources.of(entry, open.location());
      return new BackupJob(context, gate)
          .run(entry.name(), source, open.repository(), open.location());
    } finally {
      running.remove(control);
    }
  }

  /** A backup that a person asked for outside the window may take as long as it takes. */
  private JobControl control(DaemonConfig.VmEntry entry) {
    return entry
        .window()
        .flatMap(window -> window.left(clock.instant()))
        .filter(left -> left.compareTo(LIMIT) < 0)
        .map(JobControl::untilWindowCloses)
        .orElseGet(() -> new JobControl(LIMIT));
  }

  /** Lets go what the policy does not keep. Failing here fails no backup; the next one tries it. */
  private void retain(ProtectionPolicy policy, VmId vm, String machine) {
    String about = "retention of " + machine + " in " + policy.repository();
    String why = "policy \"" + policy.name() + "\"";
    try {
      Optional<RetentionPolicy> keep = PolicyTerms.retention(policy);
      if (keep.isEmpty()) {
        return;
      }
      RetentionRun.Result result =
          RetentionRun.run(
              repositories.open(policy.repository()).repository(),
              keep.get(),
              Optional.of(machine),
              false,
              why);
      for (PointId gone : result.deleted()) {
        points.letGo(gone, vm, policy.repository(), why);
        log.info("point " + gone + " of " + machine + " was let go by the policy");
      }
      troubles.clear(about);
    } catch (SendenseException e) {
      troubles.raise(
          about,
          Health.Level.WARNING,
          "Old points of " + machine + " were not let go: " + e.getMessage() + ". " + e.remedy());
    }
  }

  private JobResult succeeded(
      ProtectionPolicy policy, VmId vm, Instant startedAt, BackupReport report) {
    return new JobResult(
        ids.get(),
        "backup",
        vm,
        Optional.of(policy.id()),
        JobResult.Outcome.SUCCEEDED,
        startedAt,
        clock.instant(),
        Optional.of(report.point().id().toString()),
        Optional.empty(),
        Optional.empty());
  }

  private JobResult failed(
      ProtectionPolicy policy, VmId vm, Instant startedAt, SendenseException e) {
    boolean cancelled = e.code() == ErrorCode.CANCELLED;
    return new JobResult(
        ids.get(),
        "backup",
        vm,
        Optional.of(policy.id()),
        cancelled ? JobResult.Outcome.CANCELLED : JobResult.Outcome.FAILED,
        startedAt,
        clock.instant(),
        Optional.empty(),
        Optional.of(e.code().id()),
        Optional.of(sentence(e.getMessage() + ". " + e.remedy())));
  }

  private static String sentence(String text) {
    return text.length() > 1900 ? text.substring(0, 1900) : text;
  }
}
