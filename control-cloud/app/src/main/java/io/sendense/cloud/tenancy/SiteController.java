package io.sendense.cloud.tenancy;

import static io.sendense.cloud.db.tenancy.Tables.SITE;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.tenancy.tables.records.SiteRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
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
@RequestMapping("/api/v1")
class SiteController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final Sites sites;

  SiteController(ScopedTx tx, Idempotency idempotency, Sites sites) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.sites = sites;
  }

  record NewSite(@Nullable String name, @Nullable String location) {}

  record SiteView(
      UUID id, UUID customerId, String name, Optional<String> location, Instant createdAt) {}

  @GetMapping("/sites")
  Page<SiteView> list(
      Caller caller,
      @RequestParam @Nullable String customerId,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    return tx.run(
        caller.scope(),
        dsl ->
            Page.newestFirst(
                dsl,
                SITE,
                SITE.SITE_ID,
                Customers.narrowed(dsl, customerId, SITE.CUSTOMER_ID),
                page,
                SiteController::view));
  }

  @GetMapping("/customers/{customerId}/sites/{siteId}")
  SiteView get(Caller caller, @PathVariable String customerId, @PathVariable String siteId) {
    return tx.run(
        caller.scope(),
        dsl -> {
          SiteRef site = Customers.requireSite(dsl, customerId, siteId);
          return dsl.selectFrom(SITE)
              .where(SITE.MSP_ID.eq(site.customer().msp().value()))
              .and(SITE.CUSTOMER_ID.eq(site.customer().customer().value()))
              .and(SITE.SITE_ID.eq(site.site().value()))
              .fetchSingle(SiteController::view);
        });
  }

  @PostMapping("/customers/{customerId}/sites")
  ResponseEntity<Object> create(
      Caller caller,
      @PathVariable String customerId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewSite request) {
    Findings findings = new Findings();
    String name = findings.text(request.name(), "name", 1, 120);
    Optional<String> location =
        Optional.ofNullable(request.location())
            .map(text -> findings.text(text, "location", 0, 200));
    findings.orRefuse();
    return idempotency.run(
        caller,
        key,
        "POST sites of " + customerId,
        request,
        HttpStatus.CREATED,
        dsl ->
            view(
                sites.insert(
                    dsl, caller.username(), Customers.require(dsl, customerId), name, location)));
  }

  private static SiteView view(SiteRecord row) {
    return new SiteView(
        row.getSiteId(),
        row.getCustomerId(),
        row.getName(),
        Optional.ofNullable(row.getLocation()),
        row.getCreatedAt().toInstant());
  }
}
