package io.sendense.cloud.protection;

import io.sendense.cloud.web.Findings;
import io.sendense.domain.Edition;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.protocol.Immutability;
import io.sendense.protocol.ProtectionPolicy;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A policy in a request, not checked yet. */
record NewPolicy(
    @Nullable String name,
    @Nullable List<@Nullable String> vmIds,
    @Nullable Long intervalSeconds,
    @Nullable String repository,
    @Nullable String edition,
    @Nullable Retention retention,
    @Nullable Long megabytesPerSecond,
    @Nullable Lock immutability) {
  private static final int MAX_VMS = 1000;
  private static final long MAX_INTERVAL_SECONDS = 366L * 24 * 3600;
  private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9][a-z0-9-]{0,79}");

  /** How many points to keep; a calendar count that is absent keeps nothing by itself. */
  record Retention(
      @Nullable Long keepLast,
      @Nullable Long keepHourly,
      @Nullable Long keepDaily,
      @Nullable Long keepWeekly,
      @Nullable Long keepMonthly,
      @Nullable Long keepYearly,
      @Nullable String timeZone) {}

  /** What the repository must promise. */
  record Lock(@Nullable String mode, @Nullable Long days) {}

  /** A policy in which every value is allowed by itself. */
  record Checked(
      String name,
      List<UUID> vms,
      long intervalSeconds,
      String repository,
      Optional<Edition> edition,
      io.sendense.protocol.Retention keep,
      Optional<Integer> megabytesPerSecond,
      Optional<Immutability> lock) {

    /**
     * By what the machines are metered.
     *
     * @param bought what the customer's licence includes
     */
    Edition meteredBy(Edition bought, String customer) {
      Edition usual = bought.compareTo(Edition.BACKUP) < 0 ? bought : Edition.BACKUP;
      Edition asked = edition.orElse(usual);
      if (asked.compareTo(bought) > 0) {
        throw new SendenseException(
            ErrorCode.LICENCE_LIMIT,
            "a policy of edition "
                + word(asked)
                + " is not in the licence of "
                + customer
                + ", which is for edition "
                + word(bought),
            "Choose edition " + word(bought) + ", or issue a licence that includes the other.");
      }
      return asked;
    }

    /** Refuses machines that the customer does not have. */
    void refuseUnknown(Set<UUID> known) {
      Findings findings = new Findings();
      for (int i = 0; i < vms.size(); i++) {
        findings.require(
            known.contains(vms.get(i)),
            "vmIds[" + i + "]",
            "is no virtual machine of the customer");
      }
      findings.orRefuse();
    }
  }

  Checked check() {
    Findings findings = new Findings();
    String checkedName = findings.text(name, "name", 1, 120);
    LinkedHashSet<UUID> vms = new LinkedHashSet<>();
    List<@Nullable String> given = vmIds == null ? List.<@Nullable String>of() : vmIds;
    findings.require(
        !given.isEmpty() && given.size() <= MAX_VMS, "vmIds", "must name 1 to 1000 machines");
    for (int i = 0; i < Math.min(given.size(), MAX_VMS); i++) {
      boolean fresh = vms.add(findings.id(given.get(i), "vmIds[" + i + "]"));
      findings.require(fresh, "vmIds[" + i + "]", "is named twice");
    }
    long interval = findings.number(intervalSeconds, "intervalSeconds", 1, MAX_INTERVAL_SECONDS);
    String store =
        findings.matching(
            repository, "repository", REPOSITORY, "1 to 80 of a-z 0-9 -, not beginning with -");
    Optional<Edition> metered =
        edition == null
            ? Optional.empty()
            : findings.word(
                edition,
                "edition",
                NewPolicy::edition,
                "community, trial, backup, enterprise, replication");
    Retention kept =
        retention == null ? new Retention(null, null, null, null, null, null, null) : retention;
    int last = number(findings, kept.keepLast(), "retention.keepLast", 1, 10_000);
    int hourly = count(findings, kept.keepHourly(), "keepHourly");
    int daily = count(findings, kept.keepDaily(), "keepDaily");
    int weekly = count(findings, kept.keepWeekly(), "keepWeekly");
    int monthly = count(findings, kept.keepMonthly(), "keepMonthly");
    int yearly = count(findings, kept.keepYearly(), "keepYearly");
    String zone = kept.timeZone() == null ? "UTC" : kept.timeZone();
    findings.require(
        ZoneId.getAvailableZoneIds().contains(zone),
        "retention.timeZone",
        "is no time zone, such as Europe/Zurich");
    Optional<Integer> bandwidth =
        Optional.ofNullable(megabytesPerSecond)
            .map(
                limit ->
                    number(
                        findings, limit, "megabytesPerSecond", 1, ProtectionPolicy.MEGABYTES_MAX));
    Optional<Immutability> lock = Optional.ofNullable(immutability).flatMap(l -> lock(l, findings));
    findings.orRefuse();
    return new Checked(
        checkedName,
        List.copyOf(vms),
        interval,
        store,
        metered,
        new io.sendense.protocol.Retention(last, hourly, daily, weekly, monthly, yearly, zone),
        bandwidth,
        lock);
  }

  private static int count(Findings findings, @Nullable Long given, String field) {
    return given == null ? 0 : number(findings, given, "retention." + field, 0, 10_000);
  }

  /** Within its bounds in any case; what was not is among the findings. */
  private static int number(
      Findings findings, @Nullable Long given, String field, int min, int max) {
    return Math.clamp(findings.number(given, field, min, max), min, max);
  }

  private static Optional<Immutability> lock(Lock asked, Findings findings) {
    Optional<Immutability.Mode> mode =
        findings.word(asked.mode(), "immutability.mode", NewPolicy::mode, "governance, compliance");
    int days = number(findings, asked.days(), "immutability.days", 1, 3650);
    return mode.map(m -> new Immutability(m, days));
  }

  private static Optional<Immutability.Mode> mode(String word) {
    return Arrays.stream(Immutability.Mode.values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(word))
        .findFirst();
  }

  /** As the API and the database name the mode. */
  static String word(Immutability lock) {
    return lock.mode().name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Edition> edition(String word) {
    return Arrays.stream(Edition.values())
        .filter(edition -> word(edition).equals(word))
        .findFirst();
  }

  static String word(Edition edition) {
    return edition.name().toLowerCase(Locale.ROOT);
  }
}
