package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.APPLIANCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest;
import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.domain.Platform;
import io.sendense.domain.VmId;
import io.sendense.protocol.Point;
import io.sendense.protocol.Vm;
import io.sendense.protocol.VmDisk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two appliances of one customer that report the same machine. */
@Tag("server")
class VmTakeoverTest {
  private static final Instant THEN = Instant.parse("2026-11-20T12:00:00Z");
  private static final List<VmDisk> DISKS = List.of(new VmDisk("vda", 1024));

  private static CloudUnderTest cloud;
  private static Tenant tenant;
  private static String customer;

  private final VmId vm = new VmId(UUID.randomUUID());
  private final VmId other = new VmId(UUID.randomUUID());
  private LinkedAppliance first;
  private LinkedAppliance second;

  @BeforeAll
  static void aTenant() {
    cloud = CloudUnderTest.get();
    tenant = cloud.newTenant("takeover");
    customer = "/customers/" + tenant.customer();
    Answer licence =
        cloud.call(
            "POST",
            customer + "/licence",
            tenant.mspToken(),
            Map.of("edition", "backup", "maxVms", 5, "validTo", "2030-01-01T00:00:00Z"));
    assertThat(licence.status()).isEqualTo(201);
  }

  @BeforeEach
  void twoAppliances() throws Exception {
    first = enrolled("first");
    second = enrolled("second");
    first.report(List.of(machine(vm)), List.of(point("of-first")), List.of());
    assertThat(holder()).isEqualTo(first.id().toString());
  }

  @AfterEach
  void close() {
    first.close();
    second.close();
  }

  @Test
  void aMachineStaysWithTheApplianceThatHoldsItAndTheRestOfTheReportIsTaken() throws Exception {
    second.report(List.of(machine(other), machine(vm)), List.of(point("of-second")), List.of());
    assertThat(holder()).isEqualTo(first.id().toString());
    assertThat(cloud.get(customer + "/vms/" + other, tenant.mspToken()).at("applianceId"))
        .isEqualTo(second.id().toString());
    assertThat(points()).contains("of-first").doesNotContain("of-second");
    Answer seen = appliance(second);
    assertThat(seen.json().at("/alerts/0/code").asString()).isEqualTo("SD-1002");
    assertThat(seen.json().at("/alerts/0/message").asString())
        .contains("shop (" + vm + ", held by appliance " + first.id() + ")")
        .contains("ban the appliance")
        .doesNotContain(other.toString());
    assertThat(appliance(first).json().path("alerts").size()).isZero();
    assertThat(cloud.get("/audit-entries", tenant.mspToken()).text())
        .contains("appliance:" + second.id());
    first.report(List.of(machine(vm)), List.of(), List.of());
    assertThat(holder()).isEqualTo(first.id().toString());
  }

  @Test
  void aBannedApplianceHoldsNothing() throws Exception {
    Answer banned =
        cloud.call(
            "POST",
            customer + "/appliances/" + first.id() + "/ban",
            tenant.mspToken(),
            Map.of("reason", "burnt down"));
    assertThat(banned.status()).isEqualTo(200);
    takenOver();
  }

  @Test
  void whatItsApplianceNoLongerReportsIsFree() throws Exception {
    first.report(List.of(), List.of(), List.of());
    takenOver();
    first.report(List.of(machine(vm)), List.of(), List.of());
    assertThat(holder()).as("moved for good").isEqualTo(second.id().toString());
  }

  @Test
  void anApplianceThatIsSilentForADayHoldsNothing() throws Exception {
    silent(VmHolders.SILENT.minusMinutes(5));
    second.report(List.of(machine(vm)), List.of(), List.of());
    assertThat(holder()).isEqualTo(first.id().toString());
    silent(VmHolders.SILENT.plusMinutes(5));
    takenOver();
  }

  private void takenOver() throws Exception {
    second.report(List.of(machine(vm)), List.of(point("of-second")), List.of());
    assertThat(holder()).isEqualTo(second.id().toString());
    assertThat(points()).contains("of-first").contains("of-second");
  }

  private void silent(Duration since) {
    MspId msp = new MspId(tenant.msp());
    int rows =
        cloud
            .bean(ScopedTx.class)
            .run(
                Scope.customer(msp, new CustomerId(tenant.customer())),
                dsl ->
                    dsl.update(APPLIANCE)
                        .set(APPLIANCE.LAST_SEEN_AT, Rows.time(Instant.now().minus(since)))
                        .where(APPLIANCE.APPLIANCE_ID.eq(first.id().value()))
                        .execute());
    assertThat(rows).isEqualTo(1);
  }

  private static LinkedAppliance enrolled(String name) throws Exception {
    Answer token =
        cloud.call(
            "POST",
            customer + "/sites/" + tenant.site() + "/enrolment-tokens",
            tenant.mspToken(),
            Map.of());
    LinkedAppliance appliance = LinkedAppliance.enrol(cloud, name, token.at("secret"));
    assertThat(appliance.lease().lease()).isNotEmpty();
    return appliance;
  }

  private String holder() {
    return cloud.get(customer + "/vms/" + vm, tenant.mspToken()).at("applianceId");
  }

  private String points() {
    return cloud.get("/restore-points?vmId=" + vm, tenant.mspToken()).text();
  }

  private static Answer appliance(LinkedAppliance which) {
    return cloud.get(customer + "/appliances/" + which.id(), tenant.mspToken());
  }

  private static Vm machine(VmId id) {
    return new Vm(id, "shop", Platform.KVM, DISKS, false);
  }

  private Point point(String id) {
    return new Point(
        id,
        vm,
        "main",
        THEN,
        THEN,
        DISKS,
        1,
        1,
        1,
        "full",
        Optional.empty(),
        true,
        Optional.empty());
  }
}
