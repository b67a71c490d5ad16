package io.sendense.cloud.onboarding;

import io.sendense.cloud.licensing.NewLicence;
import io.sendense.cloud.tenancy.NewAdmin;
import io.sendense.cloud.tenancy.NewTenant;
import io.sendense.cloud.web.Findings;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A customer as the MSP wants it to be.
 *
 * @param admin read when the customer is made, and not again
 */
record Wanted(
    @Nullable String name,
    @Nullable String timeZone,
    @Nullable NewAdmin admin,
    @Nullable Site site,
    @Nullable NewLicence licence) {
  private static final Pattern EXTERNAL_ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

  record Site(@Nullable String name, @Nullable String location) {}

  /** Every value is allowed by itself; the licence's are judged where licences are issued. */
  record Checked(
      String externalId,
      NewTenant.Checked tenant,
      String site,
      Optional<String> location,
      NewLicence licence) {}

  static String externalId(String given) {
    Findings findings = new Findings();
    String id =
        findings.matching(given, "externalId", EXTERNAL_ID, "1 to 100 of A-Z a-z 0-9 . _ : -");
    findings.orRefuse();
    return id;
  }

  Checked check(String externalId) {
    String id = externalId(externalId);
    Findings findings = new Findings();
    Site place = site == null ? new Site(null, null) : site;
    String siteName = findings.text(place.name(), "site.name", 1, 120);
    Optional<String> location =
        Optional.ofNullable(place.location())
            .map(text -> findings.text(text, "site.location", 0, 200));
    findings.require(licence != null, "licence", "is missing");
    findings.orRefuse();
    return new Checked(
        id,
        new NewTenant(name, timeZone, admin).check(),
        siteName,
        location,
        Optional.ofNullable(licence).orElseThrow());
  }
}
