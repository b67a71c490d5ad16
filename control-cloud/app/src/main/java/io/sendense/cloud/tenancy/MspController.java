package io.sendense.cloud.tenancy;

import static io.sendense.cloud.db.tenancy.Tables.MSP;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.tenancy.tables.records.MspRecord;
import io.sendense.cloud.identity.Accounts;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.identity.Role;
import io.sendense.cloud.web.HidesSecrets;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/msps")
class MspController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final Accounts accounts;
  private final AuditLog audit;
  private final InstantSource clock;

  MspController(
      ScopedTx tx,
      Idempotency idempotency,
      Accounts accounts,
      AuditLog audit,
      InstantSource clock) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.accounts = accounts;
    this.audit = audit;
    this.clock = clock;
  }

  record MspView(UUID id, String name, String timeZone, Instant createdAt) {}

  record MspCreated(MspView msp, Optional<Accounts.Credentials> credentials)
      implements HidesSecrets {
    @Override
    public Object withoutSecrets() {
      return new MspCreated(msp, Optional.empty());
    }
  }

  @GetMapping
  Page<MspView> list(
      Caller caller, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    return tx.run(
        caller.scope(),
        dsl ->
            Page.newestFirst(dsl, MSP, MSP.MSP_ID, DSL.noCondition(), page, MspController::view));
  }

  @GetMapping("/{mspId}")
  MspView get(Caller caller, @PathVariable String mspId) {
    MspId id = MspId.parse(mspId);
    return tx.run(
        caller.scope(),
        dsl ->
            dsl.selectFrom(MSP)
                .where(MSP.MSP_ID.eq(id.value()))
                .fetchOptional(MspController::view)
                .orElseThrow(() -> Customers.notFound("MSP", id)));
  }

  @PostMapping
  ResponseEntity<Object> create(
      Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewTenant request) {
    NewTenant.Checked wanted = request.check();
    return AccountOf.during(
        accounts,
        account ->
            idempotency.run(
                caller,
                key,
                "POST /api/v1/msps",
                request,
                HttpStatus.CREATED,
                dsl -> create(dsl, caller, wanted, account)));
  }

  private MspCreated create(
      DSLContext dsl,
      Caller caller,
      NewTenant.Checked wanted,
      Function<Accounts.NewAccount, Accounts.Credentials> account) {
    Customers.refuseTaken(dsl, MSP.NAME, DSL.noCondition(), wanted.name(), "there is an MSP");
    MspRecord row =
        dsl.insertInto(MSP)
            .set(MSP.NAME, wanted.name())
            .set(MSP.TIME_ZONE, wanted.zone().getId())
            .set(MSP.CREATED_AT, clock.instant().atOffset(ZoneOffset.UTC))
            .returning()
            .fetchSingle();
    MspId id = new MspId(row.getMspId());
    // The platform's scope reaches this one MSP's audit chain for the rest of the transaction.
    dsl.execute("select set_config('sendense.msp', ?, true)", id.toString());
    audit.record(
        dsl,
        new AuditEvent(
            id, Optional.empty(), caller.username(), "msp.create", id.toString(), wanted.detail()));
    Accounts.Credentials credentials =
        account.apply(wanted.admin().account(Role.MSP_ADMIN, new Scope.WholeMsp(id)));
    return new MspCreated(view(row), Optional.of(credentials));
  }

  private static MspView view(MspRecord row) {
    return new MspView(
        row.getMspId(), row.getName(), row.getTimeZone(), row.getCreatedAt().toInstant());
  }
}
