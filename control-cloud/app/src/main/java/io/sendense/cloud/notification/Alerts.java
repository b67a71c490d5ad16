package io.sendense.cloud.notification;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.notification.AlertBook.Step;
import io.sendense.cloud.web.Change;
import io.sendense.cloud.web.ChangeFeed;
import io.sendense.cloud.work.PerMsp;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Looks at one MSP and brings its alerts up to date, in one transaction. Thread-safe. */
public final class Alerts {
  private final ScopedTx tx;
  private final ChangeFeed changes;
  private final InstantSource clock;
  private final Duration reportInterval;

  Alerts(ScopedTx tx, ChangeFeed changes, InstantSource clock, Duration reportInterval) {
    this.tx = tx;
    this.changes = changes;
    this.clock = clock;
    this.reportInterval = reportInterval;
  }

  @Configuration(proxyBeanMethods = false)
  static class Config {
    @Bean
    Alerts alerts(
        ScopedTx tx,
        ChangeFeed changes,
        InstantSource clock,
        @Value("${sendense.link.report-seconds:60}") int reportSeconds) {
      return new Alerts(tx, changes, clock, Duration.ofSeconds(reportSeconds));
    }

    @Bean
    PerMsp alertWork(Alerts alerts, @Value("${sendense.alerts.every:30s}") Duration every) {
      return new PerMsp("alerts", every, alerts::evaluate);
    }
  }

  /** Opens, changes, escalates and ends the MSP's alerts. Done again at once, it does nothing. */
  public void evaluate(MspId msp) {
    int unused = tx.run(new Scope.WholeMsp(msp), dsl -> evaluate(dsl, msp));
  }

  private int evaluate(DSLContext dsl, MspId msp) {
    // One evaluation of an MSP at a time, wherever it runs.
    dsl.execute("select pg_advisory_xact_lock(801, hashtext(?))", msp.toString());
    Instant now = clock.instant();
    UUID id = msp.value();
    Rules rules = RuleStore.read(dsl, id);
    Snapshot snapshot = SnapshotReader.read(dsl, msp, now, reportInterval);
    List<Step> steps =
        AlertBook.steps(AlertStore.open(dsl, id), Evaluation.of(snapshot, rules), rules, now);
    for (Step step : steps) {
      UUID alert = AlertStore.apply(dsl, id, step, now);
      changes.announce(dsl, Change.of("alert", msp, new CustomerId(customer(step)), alert, now));
    }
    return steps.size();
  }

  private static UUID customer(Step step) {
    return switch (step) {
      case Step.Begin begin -> begin.finding().customer();
      case Step.Change change -> change.alert().customer();
      case Step.Escalate escalate -> escalate.alert().customer();
      case Step.End end -> end.alert().customer();
    };
  }
}
