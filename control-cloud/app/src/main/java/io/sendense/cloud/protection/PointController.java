package io.sendense.cloud.protection;

import static io.sendense.cloud.db.protection.Tables.RESTORE_POINT;
import static io.sendense.cloud.db.protection.Tables.VM;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.protection.tables.records.RestorePointRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.VmId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record2;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PointController {
  private final ScopedTx tx;

  PointController(ScopedTx tx) {
    this.tx = tx;
  }

  record PointView(
      String id,
      UUID customerId,
      UUID vmId,
      String vmName,
      UUID applianceId,
      String repository,
      String kind,
      String proof,
      Instant capturedAt,
      Instant sealedAt,
      long sizeBytes,
      long readBytes,
      long changedBytes,
      long storedBytes,
      Optional<String> root,
      Optional<String> fallback,
      Optional<GoneView> gone) {}

  record GoneView(Instant at, String reason, Optional<String> detail) {}

  @GetMapping("/api/v1/restore-points")
  Page<PointView> list(
      Caller caller,
      @RequestParam @Nullable String customerId,
      @RequestParam @Nullable String vmId,
      @RequestParam @Nullable Boolean gone,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    Condition before = page.after().map(PointController::before).orElse(DSL.noCondition());
    Condition ofVm =
        Optional.ofNullable(vmId)
            .map(id -> RESTORE_POINT.VM_ID.eq(VmId.parse(id).value()))
            .orElse(DSL.noCondition());
    Condition there =
        Boolean.TRUE.equals(gone) ? DSL.noCondition() : RESTORE_POINT.GONE_AT.isNull();
    return tx.run(
        caller.scope(),
        dsl -> {
          Condition ofCustomer = Customers.narrowed(dsl, customerId, RESTORE_POINT.CUSTOMER_ID);
          List<Record2<RestorePointRecord, String>> rows =
              dsl.select(RESTORE_POINT, VM.NAME)
                  .from(RESTORE_POINT)
                  .join(VM)
                  .on(VM.MSP_ID.eq(RESTORE_POINT.MSP_ID))
                  .and(VM.CUSTOMER_ID.eq(RESTORE_POINT.CUSTOMER_ID))
                  .and(VM.VM_ID.eq(RESTORE_POINT.VM_ID))
                  .where(ofCustomer)
                  .and(ofVm)
                  .and(there)
                  .and(before)
                  .orderBy(RESTORE_POINT.CAPTURED_AT.desc(), RESTORE_POINT.POINT_ID.desc())
                  .limit(page.limitAndOne())
                  .fetch();
          return Page.of(
              rows,
              page,
              row -> view(row.value1(), row.value2()),
              row -> row.value1().getCapturedAt().toInstant() + " " + row.value1().getPointId());
        });
  }

  private static Condition before(String cursor) {
    int space = cursor.indexOf(' ');
    Findings findings = new Findings();
    OffsetDateTime time = OffsetDateTime.MAX;
    try {
      time = Instant.parse(cursor.substring(0, Math.max(space, 0))).atOffset(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      findings.add("cursor", "is not the nextCursor of a page");
    }
    findings.orRefuse();
    return DSL.row(RESTORE_POINT.CAPTURED_AT, RESTORE_POINT.POINT_ID)
        .lt(time, cursor.substring(space + 1));
  }

  private static PointView view(RestorePointRecord row, String vmName) {
    return new PointView(
        row.getPointId(),
        row.getCustomerId(),
        row.getVmId(),
        vmName,
        row.getApplianceId(),
        row.getRepository(),
        row.getKind(),
        row.getVerified() ? "verified" : "unverified",
        row.getCapturedAt().toInstant(),
        row.getSealedAt().toInstant(),
        row.getSizeBytes(),
        row.getReadBytes(),
        row.getChangedBytes(),
        row.getStoredBytes(),
        Optional.ofNullable(row.getRoot()),
        Optional.ofNullable(row.getFallback()),
        Optional.ofNullable(row.getGoneAt())
            .map(
                at ->
                    new GoneView(
                        at.toInstant(),
                        row.getGoneReason(),
                        Optional.ofNullable(row.getGoneDetail()))));
  }
}
