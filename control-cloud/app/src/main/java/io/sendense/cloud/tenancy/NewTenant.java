package io.sendense.cloud.tenancy;

import io.sendense.cloud.web.Findings;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An MSP or a customer in a request, not checked yet. */
public record NewTenant(
    @Nullable String name, @Nullable String timeZone, @Nullable NewAdmin admin) {

  /** One in which every value is allowed by itself. */
  public record Checked(String name, ZoneId zone, NewAdmin admin) {
    /** What the audit log keeps. */
    Map<String, Object> detail() {
      return Map.of("name", name, "admin", Optional.ofNullable(admin.username()).orElse(""));
    }
  }

  public Checked check() {
    Findings findings = new Findings();
    String checkedName = findings.text(name, "name", 1, 120);
    ZoneId zone = findings.zone(timeZone, "timeZone");
    NewAdmin.check(admin, findings);
    findings.orRefuse();
    return new Checked(checkedName, zone, Optional.ofNullable(admin).orElseThrow());
  }
}
