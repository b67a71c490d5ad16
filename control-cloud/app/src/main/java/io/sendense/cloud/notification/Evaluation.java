package io.sendense.cloud.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds what the rules call for in a snapshot. Nothing but its arguments has a part in it. */
final class Evaluation {
  private static final Duration LEAST_SILENCE = Duration.ofMinutes(2);

  /**
   * Something wrong now.
   *
   * @param subject {@code appliance:ID}, {@code vm:ID} or {@code licence}
   */
  record Finding(
      UUID customer, AlertKind kind, String subject, Severity severity, String message) {}

  private final Snapshot at;
  private final Rules rules;
  private final List<Finding> found = new ArrayList<>();

  private Evaluation(Snapshot at, Rules rules) {
    this.at = at;
    this.rules = rules;
  }

  static List<Finding> of(Snapshot snapshot, Rules rules) {
    Evaluation evaluation = new Evaluation(snapshot, rules);
    Optional<Version> newest =
        snapshot.appliances().stream()
            .flatMap(appliance -> appliance.version().stream())
            .map(Version::of)
            .max(Version::compareTo);
    snapshot.appliances().forEach(appliance -> evaluation.appliance(appliance, newest));
    snapshot.machines().forEach(evaluation::machine);
    snapshot.licences().forEach(evaluation::licence);
    return List.copyOf(evaluation.found);
  }

  private void appliance(Snapshot.Appliance one, Optional<Version> newest) {
    String subject = "appliance:" + one.id();
    Instant heard = one.seen().orElse(one.enrolled());
    Duration silence = Duration.between(heard, at.now());
    boolean offline =
        silence.compareTo(longestSilence(rule(one.customer(), AlertKind.APPLIANCE_OFFLINE))) > 0;
    if (offline) {
      add(
          one.customer(),
          AlertKind.APPLIANCE_OFFLINE,
          subject,
          "Nothing was heard of appliance " + one.name() + " since " + heard + ".");
      // What it said last is not how it is now.
      copied(one, subject);
      return;
    }
    if (one.health().filter(level -> !level.equals("ok")).isPresent()) {
      add(
          one.customer(),
          AlertKind.APPLIANCE_DEGRADED,
          subject,
          ("Appliance " + one.name() + " is not well. " + one.healthDetail()).strip());
    }
    long most = rule(one.customer(), AlertKind.CLOCK_OFFSET).threshold();
    one.clockOffset()
        .filter(offset -> offset.abs().compareTo(Duration.ofSeconds(most)) > 0)
        .ifPresent(
            offset ->
                add(
                    one.customer(),
                    AlertKind.CLOCK_OFFSET,
                    subject,
                    "The clock of appliance "
                        + one.name()
                        + (offset.isNegative() ? " is behind" : " is ahead")
                        + " by more than "
                        + most
                        + " seconds."));
    one.version()
        .filter(version -> newest.filter(n -> n.compareTo(Version.of(version)) > 0).isPresent())
        .ifPresent(
            version ->
                add(
                    one.customer(),
                    AlertKind.SOFTWARE_OLD,
                    subject,
                    "Appliance " + one.name() + " runs " + version + ", others run a newer one."));
    Duration gap = Duration.ofHours(rule(one.customer(), AlertKind.USAGE_GAP).threshold());
    Instant counted = one.usageUntil().orElse(one.enrolled());
    if (Duration.between(counted, at.now()).compareTo(gap) > 0) {
      add(
          one.customer(),
          AlertKind.USAGE_GAP,
          subject,
          "Appliance " + one.name() + " sent no usage record since " + counted + ".");
    }
    copied(one, subject);
  }

  private void copied(Snapshot.Appliance one, String subject) {
    Duration stays = Duration.ofHours(rule(one.customer(), AlertKind.APPLIANCE_COPIED).threshold());
    one.copied()
        .filter(when -> Duration.between(when, at.now()).compareTo(stays) <= 0)
        .ifPresent(
            when ->
                add(
                    one.customer(),
                    AlertKind.APPLIANCE_COPIED,
                    subject,
                    "Appliance " + one.name() + " was in use twice at " + when + "."));
  }

  private Duration longestSilence(Rule rule) {
    Duration wanted = at.reportInterval().multipliedBy(rule.threshold());
    return wanted.compareTo(LEAST_SILENCE) > 0 ? wanted : LEAST_SILENCE;
  }

  private void machine(Snapshot.Machine one) {
    String subject = "vm:" + one.id();
    if (one.interval().isEmpty()) {
      add(
          one.customer(),
          AlertKind.MACHINE_UNPROTECTED,
          subject,
          "Machine " + one.name() + " has no policy.");
    }
    one.failure()
        .ifPresent(
            why ->
                add(
                    one.customer(),
                    AlertKind.BACKUP_FAILED,
                    subject,
                    "The newest backup of " + one.name() + " failed: " + why));
    if (one.interval().isPresent() && one.protectedSince().isPresent()) {
      long hundredths = rule(one.customer(), AlertKind.RPO_MISSED).threshold();
      Duration most = one.interval().get().multipliedBy(hundredths).dividedBy(100);
      // A policy that was made today promises nothing of yesterday.
      Instant from =
          one.newestPoint()
              .filter(point -> point.isAfter(one.protectedSince().get()))
              .orElse(one.protectedSince().get());
      if (Duration.between(from, at.now()).compareTo(most) > 0) {
        add(
            one.customer(),
            AlertKind.RPO_MISSED,
            subject,
            "Machine "
                + one.name()
                + one.newestPoint().map(p -> " has no point since " + p).orElse(" has no point")
                + "; its policy wants one every "
                + one.interval().get().toSeconds()
                + " seconds.");
      }
    }
    Duration stays = Duration.ofDays(rule(one.customer(), AlertKind.POINT_DAMAGED).threshold());
    one.damaged()
        .filter(when -> Duration.between(when, at.now()).compareTo(stays) <= 0)
        .ifPresent(
            when ->
                add(
                    one.customer(),
                    AlertKind.POINT_DAMAGED,
                    subject,
                    "A point of " + one.name() + " was found damaged at " + when + "."));
  }

  private void licence(Snapshot.Licence one) {
    if (one.revoked().isPresent() || !at.now().isBefore(one.validTo())) {
      add(
          one.customer(),
          AlertKind.LICENCE_OVER,
          "licence",
          one.revoked()
              .map(when -> "The licence was revoked at " + when + ".")
              .orElse("The licence ended at " + one.validTo() + "."));
      return;
    }
    Duration before = Duration.ofDays(rule(one.customer(), AlertKind.LICENCE_ENDS).threshold());
    if (Duration.between(at.now(), one.validTo()).compareTo(before) <= 0) {
      add(
          one.customer(),
          AlertKind.LICENCE_ENDS,
          "licence",
          "The licence ends at " + one.validTo() + ".");
    }
  }

  private Rule rule(UUID customer, AlertKind kind) {
    return rules.of(customer, kind).rule();
  }

  private void add(UUID customer, AlertKind kind, String subject, String message) {
    Rule rule = rule(customer, kind);
    if (rule.enabled()) {
      String bounded = message.length() > 1000 ? message.substring(0, 1000) : message;
      found.add(new Finding(customer, kind, subject, rule.severity(), bounded));
    }
  }
}
