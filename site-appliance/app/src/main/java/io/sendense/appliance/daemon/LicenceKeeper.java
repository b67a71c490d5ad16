package io.sendense.appliance.daemon;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.engine.LicenceGate;
import io.sendense.licensing.grant.ClockFloor;
import io.sendense.licensing.grant.HardwareBinding;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.LicenceState;
import io.sendense.licensing.grant.LicenceVerifier;
import io.sendense.licensing.grant.Operation;
import io.sendense.licensing.grant.TrustSet;
import io.sendense.licensing.grant.TrustUpdate;
import io.sendense.licensing.grant.Verdict;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Holds licence, lease and clock floor durably and says what they allow now. It believes nothing
 * that its own trust set does not confirm, whoever sent it. Any thread.
 */
final class LicenceKeeper implements LicenceGate {
  private static final String LICENCE = "licence";
  private static final String LEASE = "lease";
  private static final String FLOOR = "clock.floor";
  private static final String NONCE = "lease.nonce";
  private static final String TRUSTED_SINCE = "licence.trust.since";

  /** So that the floor is not written for every question. */
  private static final Duration FLOOR_STEP = Duration.ofSeconds(30);

  private final DaemonDatabase database;
  private final Consumer<TrustSet> keepTrust;
  private final CustomerId customer;
  private final ApplianceId appliance;
  private final HardwareFacts hardware;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Supplier<UUID> ids;
  private final DaemonLog log;
  private long raisedNanos;
  private TrustSet trust;
  private LicenceVerifier verifier;

  /**
   * @param keepTrust keeps a set of keys that takes the place of {@code trust}, durably
   */
  LicenceKeeper(
      DaemonDatabase database,
      TrustSet trust,
      Consumer<TrustSet> keepTrust,
      CustomerId customer,
      ApplianceId appliance,
      HardwareFacts hardware,
      InstantSource clock,
      LongSupplier nanos,
      Supplier<UUID> ids,
      DaemonLog log) {
    this.database = database;
    this.trust = trust;
    this.keepTrust = keepTrust;
    this.customer = customer;
    this.appliance = appliance;
    this.verifier = new LicenceVerifier(trust, customer, appliance);
    this.hardware = hardware;
    this.clock = clock;
    this.nanos = nanos;
    this.raisedNanos = nanos.getAsLong();
    this.ids = ids;
    this.log = log;
  }

  /** What is allowed now. Raises the clock floor first, durably. */
  synchronized LicenceState state() {
    Instant now = clock.instant();
    ClockFloor floor = raise(now);
    Optional<Licence> licence = licence(now);
    Optional<Lease> lease = licence.flatMap(held -> lease(held, now));
    return LicenceState.at(licence, lease, now, floor);
  }

  @Override
  public void checkNewPoint(String vm, Set<String> protectedVms) {
    LicenceState state = state();
    state.allows(Operation.NEW_POINT).orThrow();
    if (!protectedVms.contains(vm)) {
      state.allowsNewVm(protectedVms.size()).orThrow();
    }
  }

  /** The request to send; its nonce is the same until an answer was {@link #accept}ed. */
  synchronized LeaseRequest request() {
    Optional<UUID> kept = database.setting(NONCE).map(UUID::fromString);
    UUID nonce = kept.orElseGet(ids);
    if (kept.isEmpty()) {
      database.set(NONCE, nonce.toString());
    }
    Instant now = clock.instant();
    long held =
        licence(now).flatMap(licence -> lease(licence, now)).map(Lease::sequence).orElse(0L);
    return new LeaseRequest(
        nonce,
        held,
        now,
        HardwareBinding.to(hardware).digests(),
        trust.keyIds().stream().sorted().toList());
  }

  /**
   * Takes an answer if both of its parts are genuine and for this appliance.
   *
   * @throws io.sendense.domain.SendenseException LICENCE_INVALID; what was held is kept
   */
  synchronized void accept(LeaseAnswer answer) {
    Instant now = clock.instant();
    answer.trust().ifPresent(this::trust);
    Licence licence = verifier.verifyLicence(answer.licence(), hardware, now).genuineOrThrow();
    Lease fresh = verifier.verifyLease(answer.lease(), licence, now).genuineOrThrow();
    Optional<Lease> before = licence(now).flatMap(held -> lease(held, now));
    ClockFloor floor = floor(now).confirmedBy(before, fresh);
    database.inTransaction(
        () -> {
          database.set(LICENCE, answer.licence());
          database.set(LEASE, answer.lease());
          database.set(FLOOR, floor.lastSeen().toString());
          database.unset(NONCE);
        });
    raisedNanos = nanos.getAsLong();
    Duration apart = Duration.between(answer.serverTime(), now).abs();
    if (apart.compareTo(ClockFloor.TOLERANCE) > 0) {
      log.warn(
          "this machine's clock says "
              + now
              + ", the cloud's "
              + answer.serverTime()
              + "; set the clock right");
    }
  }

  /**
   * Takes a set of keys that one of the present keys has signed, if it was signed later than the
   * one taken last: so neither a stranger nor an old update that is sent again changes anything.
   */
  private void trust(String text) {
    Verdict<TrustUpdate> verdict = verifier.verifyTrust(text);
    if (!(verdict instanceof Verdict.Valid<TrustUpdate>(TrustUpdate update))) {
      log.error("new licence keys are not believed: " + verdict);
      return;
    }
    Instant since = database.setting(TRUSTED_SINCE).map(Instant::parse).orElse(Instant.EPOCH);
    if (update.keys().keyIds().equals(trust.keyIds()) || !update.issuedAt().isAfter(since)) {
      return;
    }
    keepTrust.accept(update.keys());
    database.set(TRUSTED_SINCE, update.issuedAt().toString());
    trust = update.keys();
    verifier = new LicenceVerifier(trust, customer, appliance);
    log.info("licence keys are now " + trust.keyIds().stream().sorted().toList());
  }

  private ClockFloor raise(Instant now) {
    ClockFloor before = floor(now);
    boolean first = database.setting(FLOOR).isEmpty();
    // A floor that is the clock itself has nothing behind it to which the time could be added.
    Duration elapsed = first ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - raisedNanos);
    ClockFloor after = before.seen(now, elapsed);
    if (first || Duration.between(before.lastSeen(), after.lastSeen()).compareTo(FLOOR_STEP) >= 0) {
      database.set(FLOOR, after.lastSeen().toString());
      raisedNanos = nanos.getAsLong();
    }
    return after;
  }

  private ClockFloor floor(Instant now) {
    return new ClockFloor(database.setting(FLOOR).map(Instant::parse).orElse(now));
  }

  private Optional<Licence> licence(Instant now) {
    return database
        .setting(LICENCE)
        .flatMap(text -> told(verifier.verifyLicence(text, hardware, now)));
  }

  private Optional<Lease> lease(Licence licence, Instant now) {
    return database.setting(LEASE).flatMap(text -> told(verifier.verifyLease(text, licence, now)));
  }

  private <T> Optional<T> told(Verdict<T> verdict) {
    if (verdict instanceof Verdict.Refused<T>(var reason, String what)) {
      log.error("a stored licence or lease is not believed (" + reason + "): " + what);
    }
    return verdict.genuine();
  }
}
