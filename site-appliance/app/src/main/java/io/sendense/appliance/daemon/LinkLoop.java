package io.sendense.appliance.daemon;

import io.sendense.billing.metering.UsageBatch;
import io.sendense.controllink.Backoff;
import io.sendense.controllink.ControlLink;
import io.sendense.controllink.Enrolment;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.LicenceState;
import io.sendense.licensing.grant.Warning;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Health;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageAnswer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is said to the cloud: one thread follows the desired state, the other keeps
 * certificate and lease fresh and sends reports and usage. The only place that tries again.
 */
final class LinkLoop {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** A licence may be given at any time, so without one it is asked for often. */
  private static final int NO_LEASE_SECONDS = 5;

  private static final Duration TICK = Duration.ofSeconds(1);

  private final IdentityStore store;
  private final Enrolment enrolment;
  private final Optional<InetSocketAddress> proxy;
  private final LicenceKeeper licence;
  private final Desired desired;
  private final Outbox outbox;
  private final Usage usage;
  private final Inventory inventory;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Signal news;
  private final Signal due;
  private final DaemonLog log;
  private final UUID session;
  private final ReentrantLock lock = new ReentrantLock();
  private final Signal open = new Signal();
  private volatile @Nullable ControlLink link;
  private volatile Identity identity;
  private String lastFailure = "";
  private String lastStage = "";

  LinkLoop(
      IdentityStore store,
      Enrolment enrolment,
      Identity identity,
      Optional<InetSocketAddress> proxy,
      LicenceKeeper licence,
      Desired desired,
      Outbox outbox,
      Usage usage,
      Inventory inventory,
      InstantSource clock,
      RandomGenerator random,
      UUID session,
      Signal news,
      Signal due,
      DaemonLog log) {
    this.store = store;
    this.enrolment = enrolment;
    this.identity = identity;
    this.proxy = proxy;
    this.licence = licence;
    this.desired = desired;
    this.outbox = outbox;
    this.usage = usage;
    this.inventory = inventory;
    this.clock = clock;
    this.random = random;
    this.session = session;
    this.news = news;
    this.due = due;
    this.log = log;
  }

  /** Until interrupted. */
  void follow() throws InterruptedException {
    Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
    while (true) {
      ControlLink current = link;
      if (current == null) {
        open.await(Duration.ofSeconds(10));
        continue;
      }
      try {
        Duration hold = Duration.ofSeconds(desired.intervals().pollHoldSeconds());
        Optional<DesiredState> fresh = current.desiredState(desired.version(), hold);
        fresh.ifPresent(this::adopt);
        backoff.succeeded();
        if (fresh.isEmpty() && hold.isZero()) {
          open.await(TICK);
        }
      } catch (SendenseException e) {
        if (current == link) {
          failed("desired state", e);
          open.await(backoff.afterFailure());
        }
      }
    }
  }

  /** Until interrupted. */
  void keepUp() throws InterruptedException {
    Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
    long leaseDue = System.nanoTime();
    long reportDue = System.nanoTime();
    while (true) {
      boolean wrote = usage.recordIfDue();
      try {
        renewCertificate();
        if (System.nanoTime() - leaseDue >= 0 || link == null) {
          boolean leased = renewLease();
          int seconds = desired.intervals().leaseSeconds();
          leaseDue =
              System.nanoTime()
                  + wait(leased ? seconds : Math.min(seconds, NO_LEASE_SECONDS)).toNanos();
        }
        if (outbox.hasNews() || System.nanoTime() - reportDue >= 0) {
          report();
          reportDue = System.nanoTime() + wait(desired.intervals().reportSeconds()).toNanos();
        }
        if (wrote || usage.waiting() > 0) {
          sendUsage();
        }
        backoff.succeeded();
        recovered();
        news.await(TICK);
      } catch (SendenseException e) {
        failed("link", e);
        boolean reopen =
            e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.LINK_CLONE_DETECTED;
        if (reopen) {
          close();
        }
        news.await(backoff.afterFailure());
      }
      tellStage();
    }
  }

  void close() {
    lock.lock();
    try {
      ControlLink current = link;
      link = null;
      if (current != null) {
        current.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private void adopt(DesiredState fresh) {
    desired.replace(fresh);
    log.info(
        "desired state "
            + fresh.version()
            + " is in force: "
            + fresh.policies().size()
            + " policies, "
            + fresh.commands().size()
            + " commands");
    due.raise();
    news.raise();
  }

  private void renewCertificate() throws InterruptedException {
    Identity held = identity;
    if (!clock.instant().isBefore(held.renewAt())) {
      identity = enrolment.renew(held);
      log.info("certificate renewed until " + identity.certificate().getNotAfter().toInstant());
      close();
    }
  }

  /** Opens the session too: a link that has none yet is published only after this. */
  private boolean renewLease() throws InterruptedException {
    ControlLink current = link;
    ControlLink used =
        current != null
            ? current
            : new ControlLink(store.cloudUrl(), store.cloudCa(), identity, proxy, session);
    boolean leased = false;
    try {
      licence.accept(used.renewLease(licence.request()));
      leased = true;
    } catch (SendenseException e) {
      // The session is open although no lease was given, for example without a licence.
      boolean opened = e.code().number() >= 6000 && e.code().number() < 7000;
      if (!opened) {
        if (current == null) {
          used.close();
        }
        throw e;
      }
      tellOnce("no lease: " + e.code().id() + " " + e.getMessage());
    }
    if (current == null) {
      link = used;
      open.raise();
      log.info("connected to " + store.cloudUrl() + " as appliance " + identity.appliance());
    }
    return leased;
  }

  private void report() throws InterruptedException {
    ControlLink current = link;
    if (current == null) {
      return;
    }
    ReportedState report =
        outbox.next(
            Math.max(0, desired.version()), this::health, () -> inventory.vms(desired.covered()));
    try {
      current.report(report);
      outbox.acknowledged(report);
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.CONFLICT && String.valueOf(e.getMessage()).contains("epoch")) {
        log.warn("a new epoch of reports begins: " + e.getMessage());
        outbox.beginEpoch();
        return;
      }
      throw e;
    }
  }

  private void sendUsage() throws InterruptedException {
    boolean more = true;
    for (int round = 0; more && round < 100; round++) {
      ControlLink current = link;
      Optional<UsageBatch> batch = usage.nextBatch(identity.key());
      if (current == null || batch.isEmpty()) {
        return;
      }
      UsageAnswer answer =
          current.sendUsage(new io.sendense.protocol.UsageBatch(batch.get().toBytes()));
      more = usage.answered(batch.get(), answer);
      log.info(
          "usage "
              + batch.get().chain()
              + " "
              + batch.get().firstSequence()
              + " to "
              + batch.get().lastSequence()
              + ": "
              + answer.outcome()
              + ", "
              + answer.accepted()
              + " new");
    }
  }

  private Health health() {
    LicenceState state = licence.state();
    List<String> warnings = new ArrayList<>();
    for (Warning warning : state.warnings()) {
      warnings.add(warning.text());
    }
    return new Health(
        warnings.isEmpty() ? Health.Level.OK : Health.Level.WARNING,
        state.stage().name(),
        warnings,
        usage.waiting());
  }

  private void tellStage() {
    LicenceState state = licence.state();
    String stage = state.edition() + " " + state.stage();
    if (!stage.equals(lastStage)) {
      lastStage = stage;
      log.info("licence: " + stage);
      state.warnings().forEach(warning -> log.warn(warning.text()));
    }
  }

  private Duration wait(int seconds) {
    return Backoff.jittered(
        Duration.ofSeconds(seconds), desired.intervals().jitterPercent(), random);
  }

  /** The same failure is told once, not with every attempt. */
  private void failed(String what, SendenseException e) {
    tellOnce(what + ": " + e.code().id() + " " + e.getMessage() + ". " + e.remedy());
  }

  private void tellOnce(String text) {
    lock.lock();
    try {
      if (!text.equals(lastFailure)) {
        lastFailure = text;
        log.warn(text);
      }
    } finally {
      lock.unlock();
    }
  }

  private void recovered() {
    lock.lock();
    try {
      if (!lastFailure.isEmpty()) {
        lastFailure = "";
        log.info("the cloud answers again");
      }
    } finally {
      lock.unlock();
    }
  }
}
