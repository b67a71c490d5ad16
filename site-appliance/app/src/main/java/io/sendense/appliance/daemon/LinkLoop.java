package io.sendense.appliance.daemon;

import io.sendense.billing.metering.UsageBatch;
import io.sendense.controllink.Backoff;
import io.sendense.controllink.CloudLink;
import io.sendense.controllink.Identity;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.LicenceState;
import io.sendense.licensing.grant.Warning;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Health;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageAnswer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
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
  private static final Duration UNTIL_OPEN = Duration.ofSeconds(10);

  private final Dial dial;
  private final LicenceKeeper licence;
  private final Desired desired;
  private final Outbox outbox;
  private final Usage usage;
  private final Inventory inventory;
  private final Troubles troubles;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Signal news;
  private final Signal due;
  private final DaemonLog log;
  private final Backoff followBackoff;
  private final Backoff keepUpBackoff;
  private final ReentrantLock lock = new ReentrantLock();
  private final Signal open = new Signal();
  private volatile @Nullable CloudLink link;
  private volatile Identity identity;
  private long leaseDue;
  private long reportDue;
  private String lastFailure = "";
  private String lastRefusal = "";
  private String lastStage = "";

  LinkLoop(
      Dial dial,
      Identity identity,
      LicenceKeeper licence,
      Desired desired,
      Outbox outbox,
      Usage usage,
      Inventory inventory,
      Troubles troubles,
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator random,
      Signal news,
      Signal due,
      DaemonLog log) {
    this.dial = dial;
    this.identity = identity;
    this.licence = licence;
    this.desired = desired;
    this.outbox = outbox;
    this.usage = usage;
    this.inventory = inventory;
    this.troubles = troubles;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
    this.news = news;
    this.due = due;
    this.log = log;
    this.followBackoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
    this.keepUpBackoff = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
    this.leaseDue = nanos.getAsLong();
    this.reportDue = leaseDue;
  }

  /** Until interrupted. */
  void follow() throws InterruptedException {
    while (true) {
      open.await(followOnce());
    }
  }

  /** Asks for the desired state once; how long to wait before the next time. */
  Duration followOnce() throws InterruptedException {
    CloudLink current = link;
    if (current == null) {
      return UNTIL_OPEN;
    }
    try {
      Duration hold = Duration.ofSeconds(desired.intervals().pollHoldSeconds());
      Optional<DesiredState> fresh = current.desiredState(desired.version(), hold);
      fresh.ifPresent(this::adopt);
      followBackoff.succeeded();
      return fresh.isEmpty() && hold.isZero() ? TICK : Duration.ZERO;
    } catch (SendenseException e) {
      if (current != link) {
        return Duration.ZERO; // it was closed under the call; the next one takes the new link
      }
      failed("desired state", e);
      return followBackoff.afterFailure();
    }
  }

  /** Until interrupted. */
  void keepUp() throws InterruptedException {
    while (true) {
      news.await(keepUpOnce());
    }
  }

  /** Does what is due once; how long to wait before the next time, if there is no news. */
  Duration keepUpOnce() throws InterruptedException {
    boolean wrote = usage.recordIfDue();
    Duration wait;
    try {
      renewCertificate();
      leaseDue = sooner(leaseDue, desired.intervals().leaseSeconds());
      reportDue = sooner(reportDue, desired.intervals().reportSeconds());
      if (nanos.getAsLong() - leaseDue >= 0 || link == null) {
        boolean leased = renewLease();
        int seconds = desired.intervals().leaseSeconds();
        leaseDue = after(leased ? seconds : Math.min(seconds, NO_LEASE_SECONDS));
      }
      if (outbox.hasNews() || nanos.getAsLong() - reportDue >= 0) {
        report();
        reportDue = after(desired.intervals().reportSeconds());
      }
      if (wrote || usage.waiting() > 0) {
        sendUsage();
      }
      keepUpBackoff.succeeded();
      recovered();
      wait = TICK;
    } catch (SendenseException e) {
      failed("link", e);
      if (e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.LINK_CLONE_DETECTED) {
        close();
      }
      wait = keepUpBackoff.afterFailure();
    }
    tellStage();
    return wait;
  }

  void close() {
    lock.lock();
    try {
      CloudLink current = link;
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
      identity = dial.renew(held);
      log.info("certificate renewed until " + identity.certificate().getNotAfter().toInstant());
      close();
    }
  }

  /** Opens the session too: a link that has none yet is published only after this. */
  private boolean renewLease() throws InterruptedException {
    CloudLink current = link;
    CloudLink used = current != null ? current : dial.open(identity);
    boolean leased = false;
    try {
      licence.accept(used.renewLease(licence.request()));
      leased = true;
      lastRefusal = "";
    } catch (SendenseException e) {
      // The session is open although no lease was given, for example without a licence.
      boolean opened = e.code().number() >= 6000 && e.code().number() < 7000;
      if (!opened) {
        if (current == null) {
          used.close();
        }
        throw e;
      }
      String refusal = "no lease: " + e.code().id() + " " + e.getMessage();
      if (!refusal.equals(lastRefusal)) {
        log.warn(refusal);
      }
      lastRefusal = refusal;
    }
    if (current == null) {
      link = used;
      open.raise();
      log.info("connected to " + dial.cloud() + " as appliance " + identity.appliance());
    }
    return leased;
  }

  private void report() throws InterruptedException {
    CloudLink current = link;
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
      CloudLink current = link;
      Optional<UsageBatch> batch = usage.nextBatch(identity.key());
      if (current == null || batch.isEmpty()) {
        return;
      }
      UsageAnswer answer =
          current.sendUsage(new io.sendense.protocol.UsageBatch(batch.get().toBytes()));
      if (answer.outcome() == UsageAnswer.Outcome.GAP) {
        throw new SendenseException(
            ErrorCode.LINK_REFUSED,
            "the cloud misses usage records before number " + batch.get().firstSequence(),
            "It had acknowledged them; only its operator can restore them. Nothing is lost here.");
      }
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
    Health.Level level = warnings.isEmpty() ? Health.Level.OK : Health.Level.WARNING;
    for (Troubles.Trouble trouble : troubles.all()) {
      warnings.add(trouble.text());
      level = level.compareTo(trouble.level()) < 0 ? trouble.level() : level;
    }
    return new Health(level, state.stage().name(), warnings, usage.waiting());
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

  /** The server may have shortened the interval since the time was set. */
  private long sooner(long due, int seconds) {
    long longest = Duration.ofSeconds(2L * seconds).toNanos(); // with the most jitter
    return due - nanos.getAsLong() > longest ? after(seconds) : due;
  }

  private long after(int seconds) {
    Duration wait =
        Backoff.jittered(Duration.ofSeconds(seconds), desired.intervals().jitterPercent(), random);
    return nanos.getAsLong() + wait.toNanos();
  }

  /** The same failure is told once, not with every attempt. */
  private void failed(String what, SendenseException e) {
    String text = what + ": " + e.code().id() + " " + e.getMessage() + ". " + e.remedy();
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
