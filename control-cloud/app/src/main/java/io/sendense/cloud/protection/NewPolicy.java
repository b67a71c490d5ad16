package io.sendense.cloud.protection;

import io.sendense.cloud.web.Findings;
import io.sendense.domain.Edition;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
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
    @Nullable Retention retention) {
  private static final int MAX_VMS = 1000;
  private static final long MAX_INTERVAL_SECONDS = 366L * 24 * 3600;
  private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9][a-z0-9-]{0,79}");

  /** How many points to keep. */
  record Retention(@Nullable Long keepLast) {}

  /** A policy in which every value is allowed by itself. */
  record Checked(
      String name,
      List<UUID> vms,
      long intervalSeconds,
      String repository,
      Optional<Edition> edition,
      int keepLast) {

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
    long keep =
        findings.number(
            retention == null ? null : retention.keepLast(), "retention.keepLast", 1, 10_000);
    findings.orRefuse();
    return new Checked(
        checkedName, List.copyOf(vms), interval, store, metered, Math.toIntExact(keep));
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
