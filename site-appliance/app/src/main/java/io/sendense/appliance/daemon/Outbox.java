package io.sendense.appliance.daemon;

import io.sendense.protocol.CommandResult;
import io.sendense.protocol.Health;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.Messages;
import io.sendense.protocol.Point;
import io.sendense.protocol.PointGone;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.Vm;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the cloud has not acknowledged yet. A report is written down before it is sent and sent
 * again unchanged until it is acknowledged, so that the cloud can tell a repetition from a copy of
 * this appliance. Any thread.
 */
final class Outbox {
  /** Parts per report; each holds one thing, so no list of a report gets longer. */
  private static final int MOST_PARTS = 100;

  private static final String EPOCH = "report.epoch";
  private static final String SEQUENCE = "report.sequence";
  private static final String DRAFT = "report.draft";
  private static final String DRAFT_THROUGH = "report.draft.through";
  private static final UUID NIL = new UUID(0, 0);

  private final DaemonDatabase database;
  private final InstantSource clock;
  private final String softwareVersion;
  private final Supplier<UUID> ids;

  Outbox(DaemonDatabase database, InstantSource clock, String version, Supplier<UUID> ids) {
    this.database = database;
    this.clock = clock;
    this.softwareVersion = version;
    this.ids = ids;
  }

  void add(Point point) {
    put(part(List.of(point), List.of(), List.of(), List.of()));
  }

  void add(JobResult job) {
    put(part(List.of(), List.of(job), List.of(), List.of()));
  }

  void add(CommandResult command) {
    put(part(List.of(), List.of(), List.of(command), List.of()));
  }

  void add(PointGone gone) {
    put(part(List.of(), List.of(), List.of(), List.of(gone)));
  }

  /** Whether something waits that a person is waiting for. */
  boolean hasNews() {
    return database.setting(DRAFT).isPresent()
        || !database.query("SELECT 1 FROM outbox LIMIT 1", row -> row.getInt(1)).isEmpty();
  }

  /** The report to send: the one that was not acknowledged, else a new one. */
  ReportedState next(long desiredVersion, Supplier<Health> health, Supplier<List<Vm>> vms) {
    Optional<ReportedState> draft =
        database
            .setting(DRAFT)
            .map(text -> Messages.read(ReportedState.class, Base64.getDecoder().decode(text)));
    return draft.orElseGet(() -> write(desiredVersion, health.get(), vms.get()));
  }

  void acknowledged(ReportedState report) {
    database.inTransaction(
        () -> {
          String through = database.setting(DRAFT_THROUGH).orElse("0");
          database.update("DELETE FROM outbox WHERE seq <= ?", Long.parseLong(through));
          database.set(SEQUENCE, Long.toString(report.sequence()));
          database.unset(DRAFT);
        });
  }

  /** The cloud knows another report of this number: go on under a new epoch, losing nothing. */
  void beginEpoch() {
    database.inTransaction(
        () -> {
          database.set(EPOCH, ids.get().toString());
          database.set(SEQUENCE, "0");
          database.unset(DRAFT);
        });
  }

  private ReportedState write(long desiredVersion, Health health, List<Vm> vms) {
    return database.inTransaction(
        () -> {
          List<Point> points = new ArrayList<>();
          List<JobResult> jobs = new ArrayList<>();
          List<CommandResult> commands = new ArrayList<>();
          List<PointGone> gone = new ArrayList<>();
          long through = 0;
          record Part(long sequence, ReportedState one) {}
          for (Part part :
              database.query(
                  "SELECT seq, part FROM outbox ORDER BY seq LIMIT ?",
                  row ->
                      new Part(row.getLong(1), Messages.read(ReportedState.class, row.getBytes(2))),
                  MOST_PARTS)) {
            ReportedState one = part.one();
            // In a report gone counts after there; one that came back afterwards is there.
            one.points()
                .forEach(
                    point ->
                        gone.removeIf(
                            other ->
                                other.id().equals(point.id())
                                    && other.repository().equals(point.repository())));
            points.addAll(one.points());
            gone.addAll(one.gone());
            jobs.addAll(one.jobs());
            commands.addAll(one.commands());
            through = part.sequence();
          }
          long last = Long.parseLong(database.setting(SEQUENCE).orElse("0"));
          ReportedState report =
              new ReportedState(
                  epoch(),
                  last + 1,
                  clock.instant(),
                  softwareVersion,
                  desiredVersion,
                  health,
                  vms,
                  points,
                  jobs,
                  commands,
                  gone);
          database.set(DRAFT, Base64.getEncoder().encodeToString(Messages.write(report)));
          database.set(DRAFT_THROUGH, Long.toString(through));
          return report;
        });
  }

  private UUID epoch() {
    Optional<String> known = database.setting(EPOCH);
    if (known.isPresent()) {
      return UUID.fromString(known.get());
    }
    UUID fresh = ids.get();
    database.set(EPOCH, fresh.toString());
    return fresh;
  }

  private void put(ReportedState part) {
    database.update("INSERT INTO outbox (part) VALUES (?)", (Object) Messages.write(part));
  }

  /** One thing in the wire's own form, so that it need not have another. */
  private ReportedState part(
      List<Point> points,
      List<JobResult> jobs,
      List<CommandResult> commands,
      List<PointGone> gone) {
    return new ReportedState(
        NIL,
        0,
        Instant.EPOCH,
        softwareVersion,
        0,
        new Health(Health.Level.OK, "-", List.of(), 0),
        List.of(),
        points,
        jobs,
        commands,
        gone);
  }
}
