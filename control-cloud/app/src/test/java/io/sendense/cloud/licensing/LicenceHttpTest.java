package io.sendense.cloud.licensing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest;
import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.db.licensing.tables.records.LicenceRecord;
import io.sendense.licensing.grant.Licence;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Licences as people issue and read them. */
@Tag("server")
class LicenceHttpTest {
  private static CloudUnderTest cloud;
  private static Tenant tenant;

  @BeforeAll
  static void aTenant() {
    cloud = CloudUnderTest.get();
    tenant = cloud.newTenant("licensed");
  }

  @Test
  void aCustomerWithoutALicenceIsToldSo() {
    Tenant fresh = cloud.newTenant("unlicensed");
    Answer answer = cloud.get(path(fresh), fresh.customerToken());
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.at("detail")).contains("licence");
  }

  @Test
  void aNewLicenceReplacesTheOneBefore() {
    Answer first = issue(Map.of("edition", "backup", "maxVms", 5));
    assertThat(first.status()).as(first.text()).isEqualTo(201);
    Answer second = issue(Map.of("edition", "replication", "maxVms", 50, "maxStorageBytes", 1000));
    assertThat(second.at("id")).isNotEqualTo(first.at("id"));
    Answer inForce = cloud.get(path(tenant), tenant.customerToken());
    assertThat(inForce.json()).isEqualTo(second.json());
    assertThat(inForce.at("edition")).isEqualTo("replication");
    assertThat(inForce.at("state")).isEqualTo("valid");
    assertThat(inForce.at("jws")).contains("signature");
    Answer audit = cloud.get("/audit-entries?customerId=" + tenant.customer(), tenant.mspToken());
    assertThat(audit.text()).contains("licence.issue").contains(second.at("id"));
  }

  @Test
  void aCustomerIssuesNoLicenceToItself() {
    Answer answer = cloud.call("POST", path(tenant), tenant.customerToken(), full(Map.of()));
    assertThat(answer.status()).isEqualTo(403);
    assertThat(cloud.call("POST", path(tenant), cloud.platformToken(), full(Map.of())).status())
        .isEqualTo(403);
  }

  @ParameterizedTest(name = "{0} = {1}: {3} {4}")
  @CsvSource({
    "edition, gold, SD-1000, edition, must be one of",
    "maxVms, 0, SD-1000, maxVms, must be",
    "validTo, 2020-01-01T00:00:00Z, SD-1000, validTo, past",
    "validTo, 2099-01-01T00:00:00Z, SD-1000, validTo, ten years",
    "maxStorageBytes, -1, SD-1000, maxStorageBytes, negative",
    "validFrom, 2031-01-01T00:00:00Z, SD-1000, validTo, not after",
  })
  void whatCannotBeSignedIsRefusedByItsField(
      String field, String value, String code, String named, String message) {
    Object given = value.matches("-?\\d+") ? Long.valueOf(value) : value;
    Answer answer = issue(Map.of(field, given));
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.at("code")).isEqualTo(code);
    assertThat(answer.json().path("errors").valueStream())
        .anyMatch(
            e ->
                e.path("field").asString().equals(named)
                    && e.path("message").asString().contains(message));
  }

  @Test
  void communityAndTrialStayWithinTheirTerms() {
    Instant soon = Instant.now().plus(20, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    assertThat(fields(issue(Map.of("edition", "community", "maxVms", 6)))).contains("maxVms");
    assertThat(fields(issue(Map.of("edition", "trial", "maxVms", 6))))
        .contains("maxVms", "validTo");
    Answer trial = issue(Map.of("edition", "trial", "maxVms", 5, "validTo", soon.toString()));
    assertThat(trial.status()).as(trial.text()).isEqualTo(201);
  }

  @Test
  void aStateIsReadOffTheLicencesOwnDates() {
    Instant end = Instant.parse("2026-11-20T12:00:00Z");
    LicenceRecord row = new LicenceRecord();
    row.setLicenceId(UUID.randomUUID());
    row.setCustomerId(UUID.randomUUID());
    row.setEdition("backup");
    row.setMaxVms(1);
    row.setFeatures(new String[0]);
    row.setValidFrom(end.minus(Duration.ofDays(30)).atOffset(ZoneOffset.UTC));
    row.setValidTo(end.atOffset(ZoneOffset.UTC));
    row.setCause("issue");
    row.setIssuedAt(row.getValidFrom());
    row.setBindHardware(false);
    row.setHardware(new String[0]);
    row.setTransfersLeft(0);
    row.setOfflineSeconds(Licence.DEFAULT_OFFLINE.toSeconds());
    row.setKeyId("k");
    row.setJws("{}");
    Instant graceEnds = end.plus(Licence.DEFAULT_GRACE);
    Instant restrictedEnds = graceEnds.plus(Licence.DEFAULT_RESTRICTED);
    assertThat(LicenceView.of(row, end.minusSeconds(1)).state()).isEqualTo("valid");
    assertThat(LicenceView.of(row, end).state()).isEqualTo("grace");
    assertThat(LicenceView.of(row, graceEnds).state()).isEqualTo("restricted");
    assertThat(LicenceView.of(row, restrictedEnds).state()).isEqualTo("suspended");
    row.setRevokedAt(end.atOffset(ZoneOffset.UTC));
    assertThat(LicenceView.of(row, end.minusSeconds(1)).state()).isEqualTo("revoked");
  }

  private static String path(Tenant of) {
    return "/customers/" + of.customer() + "/licence";
  }

  private static Answer issue(Map<String, ?> wanted) {
    return cloud.call("POST", path(tenant), tenant.mspToken(), full(wanted));
  }

  private static Map<String, Object> full(Map<String, ?> wanted) {
    Map<String, Object> body = new HashMap<>();
    body.put("edition", "backup");
    body.put("maxVms", 5);
    body.put("validTo", "2030-01-01T00:00:00Z");
    body.putAll(wanted);
    return body;
  }

  private static List<String> fields(Answer refused) {
    assertThat(refused.status()).as(refused.text()).isEqualTo(400);
    return refused
        .json()
        .path("errors")
        .valueStream()
        .map(e -> e.path("field").asString())
        .toList();
  }
}
