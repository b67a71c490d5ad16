package io.sendense.licensing.grant;

import io.sendense.domain.Edition;
import io.sendense.domain.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is allowed now. Pure: the same licence, lease, clock and floor always give the same state.
 * Restore, file recovery, export, failover of existing flows and verification are allowed in every
 * state, whatever happened (design promise 1).
 *
 * @param licence the licence in force; absent in the community edition
 * @param asOf the time the state was worked out for: never earlier than the floor
 * @param nextStageAt when the next stage comes, if nothing is renewed; absent at the last one
 */
public record LicenceState(
    Stage stage,
    Edition edition,
    Set<Feature> features,
    Limits limits,
    Optional<Licence> licence,
    Instant asOf,
    Optional<Instant> nextStageAt,
    List<Warning> warnings) {
  private static final String RENEW =
      "Renew the licence, or let the appliance reach the cloud so that it can renew its lease."
          + " Restore, file recovery, export and failover go on working.";

  public LicenceState {
    features = Set.copyOf(features);
    warnings = List.copyOf(warnings);
  }

  /**
   * @param licence a verified licence; absent = community edition
   * @param lease a verified lease of that licence, whatever its dates; absent = never had one
   * @param now what the clock says, believed only as far as the floor allows
   */
  public static LicenceState at(
      Optional<Licence> licence, Optional<Lease> lease, Instant now, ClockFloor floor) {
    boolean rolledBack = floor.rolledBack(now);
    Instant asOf = now.isAfter(floor.lastSeen()) ? now : floor.lastSeen();
    if (licence.isEmpty()) {
      return community(asOf, LicenceWarnings.ofClock(rolledBack, now, floor));
    }
    Licence held = licence.get();
    Optional<Lease> own = lease.filter(l -> l.licence().equals(held.id()));
    asOf = later(asOf, held.issuedAt());
    if (own.isPresent()) {
      asOf = later(asOf, own.get().issuedAt());
    }
    List<Warning> clock = LicenceWarnings.ofClock(rolledBack, now, floor);
    if (asOf.isBefore(held.validFrom())) {
      return community(asOf, LicenceWarnings.notYetValid(clock, held.validFrom()));
    }
    return licensed(held, own, asOf, clock);
  }

  /** The latest lease end or licence end that counts, and what it leaves. */
  private static LicenceState licensed(
      Licence licence, Optional<Lease> lease, Instant asOf, List<Warning> clock) {
    StageDates dates = StageDates.of(licence, lease);
    Stage stage = dates.stageAt(asOf);
    EditionTerms terms = EditionMatrix.v1().of(licence.edition());
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    features.addAll(terms.features());
    features.addAll(licence.features());
    Limits limits =
        new Limits(
            licence.limits().vms().isPresent() ? licence.limits().vms() : terms.vms(),
            licence.limits().storageBytes());
    return new LicenceState(
        stage,
        licence.edition(),
        features,
        limits,
        Optional.of(licence),
        asOf,
        dates.nextAfter(stage),
        LicenceWarnings.of(clock, licence, lease, dates, stage, asOf));
  }

  private static LicenceState community(Instant asOf, List<Warning> warnings) {
    EditionTerms terms = EditionMatrix.v1().of(Edition.COMMUNITY);
    return new LicenceState(
        Stage.VALID,
        Edition.COMMUNITY,
        terms.features(),
        new Limits(terms.vms(), Limits.NONE.storageBytes()),
        Optional.empty(),
        asOf,
        Optional.empty(),
        warnings);
  }

  /** What the state alone says; editions and limits are asked separately. */
  public Decision allows(Operation operation) {
    return switch (operation) {
      case RESTORE, FILE_RECOVERY, EXPORT, FAILOVER, VERIFY -> new Decision.Allowed();
      case NEW_POINT ->
          stage == Stage.SUSPENDED
              ? expired("no new restore points are made: the licence is suspended")
              : new Decision.Allowed();
      case NEW_VM, NEW_FLOW ->
          stage.compareTo(Stage.RESTRICTED) >= 0
              ? expired("no new VMs or flows are taken: the licence is " + shown())
              : new Decision.Allowed();
    };
  }

  /** Whether one more VM may be protected, by state and by limit. */
  public Decision allowsNewVm(int protectedNow) {
    Decision byState = allows(Operation.NEW_VM);
    OptionalInt most = limits.vms();
    if (!byState.isAllowed() || most.isEmpty() || protectedNow < most.getAsInt()) {
      return byState;
    }
    return new Decision.Denied(
        ErrorCode.LICENCE_LIMIT,
        "the "
            + editionName()
            + " edition here protects at most "
            + most.getAsInt()
            + " VMs, "
            + protectedNow
            + " are protected",
        "Stop protecting another VM or get a licence for more. Existing points stay restorable.");
  }

  /** Whether what is bought includes the feature, whatever the stage. */
  public Decision includes(Feature feature) {
    return features.contains(feature)
        ? new Decision.Allowed()
        : new Decision.Denied(
            ErrorCode.LICENCE_LIMIT,
            "the " + editionName() + " edition does not include " + feature.wireName(),
            "Get an edition that includes it.");
  }

  /** Whether so many stored bytes are within the limit; never asked about reading. */
  public Decision allowsStorage(long storedBytes) {
    if (limits.storageBytes().isEmpty() || storedBytes <= limits.storageBytes().getAsLong()) {
      return new Decision.Allowed();
    }
    return new Decision.Denied(
        ErrorCode.LICENCE_LIMIT,
        storedBytes + " bytes are stored, the licence allows " + limits.storageBytes().getAsLong(),
        "Shorten retention or get a licence for more. Existing points stay restorable.");
  }

  /** How long until the next stage, zero or more; absent when none comes. */
  public Optional<Duration> untilNextStage() {
    return nextStageAt.map(at -> Duration.between(asOf, at));
  }

  private Decision expired(String what) {
    String since = nextStageAt.map(at -> " until " + at).orElse("");
    return new Decision.Denied(
        ErrorCode.LICENCE_EXPIRED, what + " (" + shown() + since + ")", RENEW);
  }

  private String shown() {
    return stage.name().toLowerCase(java.util.Locale.ROOT);
  }

  private String editionName() {
    return edition.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
