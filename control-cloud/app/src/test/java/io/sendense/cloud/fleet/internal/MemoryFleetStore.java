package io.sendense.cloud.fleet.internal;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.domain.ApplianceId;
import io.sendense.protocol.Command;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.ReportedState;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The whole contract of {@link FleetStore} in memory. */
final class MemoryFleetStore implements FleetStore {
  private static final class Token {
    final byte[] hash;
    final Instant expiresAt;
    final boolean approve;
    byte @Nullable [] usedBy;
    @Nullable ApplianceIdentity appliance;

    Token(byte[] hash, Instant expiresAt, boolean approve) {
      this.hash = hash;
      this.expiresAt = expiresAt;
      this.approve = approve;
    }
  }

  private static final class Certificate {
    final Instant notAfter;
    final int order;
    boolean used;

    Certificate(Instant notAfter, int order) {
      this.notAfter = notAfter;
      this.order = order;
    }
  }

  private static final class Appliance {
    State state = State.ACTIVE;
    final Map<BigInteger, Certificate> certificates = new HashMap<>();
    @Nullable UUID session;
    Instant liveUntil = Instant.MIN;
    long leaseSequence;
    @Nullable UUID leaseNonce;
    long version = 1;
    final List<Command> commands = new ArrayList<>();
    final List<ReportedState> reports = new ArrayList<>();
    @Nullable ReportedState last;
    byte[] lastHash = new byte[0];
  }

  private final Map<UUID, Token> tokens = new HashMap<>();
  private final Map<ApplianceIdentity, Appliance> appliances = new HashMap<>();
  private final List<String> alerts = new ArrayList<>();

  synchronized void add(EnrolmentToken token, Instant expiresAt, boolean approve) {
    tokens.put(token.id(), new Token(token.hash(), expiresAt, approve));
  }

  synchronized void state(ApplianceIdentity identity, State state) {
    of(identity).state = state;
  }

  synchronized void command(ApplianceIdentity identity, Command command) {
    Appliance appliance = of(identity);
    appliance.commands.add(command);
    appliance.version++;
  }

  synchronized List<String> alerts() {
    return List.copyOf(alerts);
  }

  synchronized List<ReportedState> reports(ApplianceIdentity identity) {
    return List.copyOf(of(identity).reports);
  }

  synchronized int count() {
    return appliances.size();
  }

  synchronized List<ApplianceIdentity> identities() {
    return List.copyOf(appliances.keySet());
  }

  @Override
  public synchronized Enrolled enrol(
      EnrolmentToken token, byte[] keyHash, String name, Instant now) {
    Token known = tokens.get(token.id());
    if (known == null || !Arrays.equals(known.hash, token.hash())) {
      return new Enrolled.UnknownToken();
    }
    if (known.usedBy != null && !Arrays.equals(known.usedBy, keyHash)) {
      return new Enrolled.UsedToken();
    }
    if (!now.isBefore(known.expiresAt)) {
      return new Enrolled.ExpiredToken(known.expiresAt);
    }
    ApplianceIdentity identity = known.appliance;
    if (identity == null) {
      identity =
          new ApplianceIdentity(token.msp(), token.customer(), new ApplianceId(UUID.randomUUID()));
      known.usedBy = keyHash.clone();
      known.appliance = identity;
      Appliance appliance = new Appliance();
      appliance.state = known.approve ? State.PENDING : State.ACTIVE;
      appliances.put(identity, appliance);
    }
    return switch (of(identity).state) {
      case ACTIVE -> new Enrolled.Accepted(identity);
      case PENDING -> new Enrolled.Waiting(identity);
      case BANNED, RETIRED -> new Enrolled.Banned("test");
    };
  }

  @Override
  public synchronized void issued(
      ApplianceIdentity identity, BigInteger serial, Instant notAfter, Instant now) {
    Map<BigInteger, Certificate> all = of(identity).certificates;
    all.put(serial, new Certificate(notAfter, all.size()));
  }

  @Override
  public synchronized Optional<Known> certificate(ApplianceIdentity identity, BigInteger serial) {
    Appliance appliance = appliances.get(identity);
    Certificate found = appliance == null ? null : appliance.certificates.get(serial);
    if (appliance == null || found == null) {
      return Optional.empty();
    }
    boolean newer =
        appliance.certificates.values().stream().anyMatch(c -> c.order > found.order && c.used);
    return Optional.of(new Known(appliance.state, found.notAfter, newer));
  }

  @Override
  public synchronized void used(ApplianceIdentity identity, BigInteger serial, Instant now) {
    Certificate found = of(identity).certificates.get(serial);
    if (found != null) {
      found.used = true;
    }
  }

  @Override
  public synchronized Holder open(
      ApplianceIdentity identity,
      UUID session,
      long heldSequence,
      UUID nonce,
      Instant now,
      Instant liveUntil) {
    Appliance appliance = of(identity);
    boolean other = !session.equals(appliance.session) && now.isBefore(appliance.liveUntil);
    boolean newest = heldSequence == appliance.leaseSequence;
    boolean again = nonce.equals(appliance.leaseNonce);
    if (other || !(newest || again)) {
      return Holder.OTHER;
    }
    appliance.session = session;
    appliance.liveUntil = liveUntil;
    return Holder.CALLER;
  }

  @Override
  public synchronized void leased(ApplianceIdentity identity, UUID nonce, long sequence) {
    of(identity).leaseNonce = nonce;
    of(identity).leaseSequence = sequence;
  }

  @Override
  public synchronized Holder touch(
      ApplianceIdentity identity, UUID session, Instant now, Instant liveUntil) {
    Appliance appliance = of(identity);
    if (!session.equals(appliance.session)) {
      return now.isBefore(appliance.liveUntil) ? Holder.OTHER : Holder.NOT_OPEN;
    }
    appliance.liveUntil = liveUntil;
    return Holder.CALLER;
  }

  @Override
  public synchronized void left(ApplianceIdentity identity, UUID session, Instant now) {
    if (session.equals(of(identity).session)) {
      of(identity).liveUntil = now;
    }
  }

  @Override
  public synchronized void alert(
      ApplianceIdentity identity, String code, String message, Instant now) {
    alerts.add(code);
  }

  @Override
  public synchronized DesiredState desired(ApplianceIdentity identity, Instant now) {
    Appliance appliance = of(identity);
    return new DesiredState(
        identity.appliance(), appliance.version, List.of(), appliance.commands, Intervals.DEFAULT);
  }

  @Override
  public synchronized Reported report(
      ApplianceIdentity identity, ReportedState state, byte[] hash, Instant now) {
    Appliance appliance = of(identity);
    ReportedState last = appliance.last;
    if (last != null && last.epoch().equals(state.epoch())) {
      if (state.sequence() == last.sequence() && Arrays.equals(hash, appliance.lastHash)) {
        return Reported.DUPLICATE;
      }
      if (state.sequence() <= last.sequence()) {
        return Reported.ROLLED_BACK;
      }
    }
    appliance.last = state;
    appliance.lastHash = hash.clone();
    appliance.reports.add(state);
    for (CommandResult result : state.commands()) {
      if (appliance.commands.removeIf(command -> command.id().equals(result.command()))) {
        appliance.version++;
      }
    }
    return Reported.STORED;
  }

  private Appliance of(ApplianceIdentity identity) {
    Appliance appliance = appliances.get(identity);
    if (appliance == null) {
      throw new IllegalStateException("no appliance " + identity);
    }
    return appliance;
  }
}
