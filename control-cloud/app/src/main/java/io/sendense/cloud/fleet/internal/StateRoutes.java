package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.cloud.fleet.LeasePort;
import io.sendense.cloud.fleet.UsagePort;
import io.sendense.cloud.fleet.internal.FleetStore.Holder;
import io.sendense.cloud.fleet.internal.LinkCall.Answer;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.LeaseRequest;
import io.sendense.protocol.LinkPaths;
import io.sendense.protocol.Messages;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageBatch;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;

/** Desired state, reports, leases and usage, each for the one live holder of an identity. */
final class StateRoutes {
  private final EstRoutes est;
  private final FleetStore store;
  private final LeasePort leases;
  private final UsagePort usage;
  private final Changes changes;
  private final LiveSessions live;
  private final LinkSettings settings;
  private final InstantSource clock;

  StateRoutes(
      EstRoutes est,
      FleetStore store,
      LeasePort leases,
      UsagePort usage,
      Changes changes,
      LinkSettings settings,
      InstantSource clock) {
    this.est = est;
    this.store = store;
    this.leases = leases;
    this.usage = usage;
    this.changes = changes;
    this.live = new LiveSessions(store, clock);
    this.settings = settings;
    this.clock = clock;
  }

  /** Also opens the session, which only the holder of the newest lease can do. */
  Answer lease(LinkCall call) {
    ApplianceIdentity identity = est.authenticated(call);
    LeaseRequest request = Messages.read(LeaseRequest.class, call.body());
    UUID session = session(call);
    Holder holder =
        store.open(
            identity,
            session,
            request.heldSequence(),
            request.nonce(),
            clock.instant(),
            liveUntil(Duration.ZERO));
    if (holder != Holder.CALLER) {
      throw refuseClone(identity);
    }
    live.on(identity, session, call.connection());
    LeasePort.Issued issued = leases.issue(identity, request);
    store.leased(identity, request.nonce(), issued.sequence());
    return Answer.of(LinkPaths.JSON, Messages.write(issued.answer()));
  }

  Answer desired(LinkCall call) throws InterruptedException {
    Duration hold = hold(call);
    ApplianceIdentity identity = holder(call, hold);
    String held = call.header("If-None-Match").orElse("");
    long deadline = System.nanoTime() + hold.toNanos();
    while (true) {
      long seen = changes.seen(identity.appliance());
      DesiredState state = store.desired(identity, clock.instant());
      if (!state.etag().equals(held)) {
        return new Answer(
            200,
            Map.of("Content-Type", LinkPaths.JSON, "ETag", state.etag()),
            Messages.write(state));
      }
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (!left.isPositive()) {
        return new Answer(304, Map.of("ETag", held), new byte[0]);
      }
      Duration recheck = settings.recheck();
      changes.await(identity.appliance(), seen, left.compareTo(recheck) < 0 ? left : recheck);
    }
  }

  Answer report(LinkCall call) {
    ApplianceIdentity identity = holder(call, Duration.ZERO);
    ReportedState state = Messages.read(ReportedState.class, call.body());
    return switch (store.report(identity, state, sha256(call.body()), clock.instant())) {
      case STORED, DUPLICATE -> Answer.empty(204);
      case ROLLED_BACK -> {
        String what =
            "Report "
                + state.sequence()
                + " of epoch "
                + state.epoch()
                + " was sent before with other content: the appliance was rolled back or copied.";
        store.alert(identity, ErrorCode.CONFLICT.id(), what, clock.instant());
        throw new SendenseException(
            ErrorCode.CONFLICT, what, "The appliance begins a new epoch by itself.");
      }
    };
  }

  Answer usage(LinkCall call) {
    ApplianceIdentity identity = holder(call, Duration.ZERO);
    UsageBatch batch = Messages.read(UsageBatch.class, call.body());
    java.security.PublicKey key = call.peer().orElseThrow(EstRoutes::noCertificate).getPublicKey();
    return Answer.of(LinkPaths.JSON, Messages.write(usage.accept(identity, key, batch)));
  }

  private ApplianceIdentity holder(LinkCall call, Duration hold) {
    ApplianceIdentity identity = est.authenticated(call);
    UUID session = session(call);
    switch (store.touch(identity, session, clock.instant(), liveUntil(hold))) {
      case CALLER -> live.on(identity, session, call.connection());
      case OTHER -> throw refuseClone(identity);
      case NOT_OPEN ->
          throw new SendenseException(
              ErrorCode.CONFLICT,
              "this session of appliance " + identity.appliance() + " is not open",
              "The appliance asks for its lease first, which opens it.");
    }
    return identity;
  }

  private SendenseException refuseClone(ApplianceIdentity identity) {
    store.alert(
        identity,
        ErrorCode.LINK_CLONE_DETECTED.id(),
        "A second holder of this appliance's certificate or of an older copy of its state called"
            + " and was refused.",
        clock.instant());
    return clone(identity);
  }

  static SendenseException clone(ApplianceIdentity identity) {
    return new SendenseException(
        ErrorCode.LINK_CLONE_DETECTED,
        "another holder of the identity of appliance "
            + identity.appliance()
            + " is at work, this one is refused",
        "If this machine is a copy, enrol it as a new appliance with a new token. The original goes"
            + " on; restores work here too.");
  }

  private Instant liveUntil(Duration hold) {
    return clock.instant().plus(settings.longestHold()).plus(hold).plus(settings.sessionSlack());
  }

  private Duration hold(LinkCall call) {
    try {
      long asked = Long.parseLong(call.header(LinkPaths.HOLD_HEADER).orElse("0"));
      return Duration.ofSeconds(Math.clamp(asked, 0, settings.longestHold().toSeconds()));
    } catch (NumberFormatException e) {
      return Duration.ZERO;
    }
  }

  private static UUID session(LinkCall call) {
    String text = call.header(LinkPaths.SESSION_HEADER).orElse("");
    try {
      if (text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      throw noSession();
    }
    throw noSession();
  }

  private static SendenseException noSession() {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "the request names no session",
        "Send a random id of the process in the header " + LinkPaths.SESSION_HEADER + ".");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
