package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.db.fleet.Tables.ENROLMENT_TOKEN;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.tenancy.SiteRef;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import java.util.Optional;
import org.jooq.Condition;
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
@RequestMapping("/api/v1/customers/{customerId}/sites/{siteId}/enrolment-tokens")
class EnrolmentTokenController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final EnrolmentTokens tokens;

  EnrolmentTokenController(ScopedTx tx, Idempotency idempotency, EnrolmentTokens tokens) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.tokens = tokens;
  }

  @GetMapping
  Page<EnrolmentTokens.TokenView> list(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String siteId,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    return tx.run(
        caller.scope(),
        dsl -> {
          SiteRef site = Customers.requireSite(dsl, customerId, siteId);
          Condition ofSite =
              ENROLMENT_TOKEN
                  .MSP_ID
                  .eq(site.customer().msp().value())
                  .and(ENROLMENT_TOKEN.CUSTOMER_ID.eq(site.customer().customer().value()))
                  .and(ENROLMENT_TOKEN.SITE_ID.eq(site.site().value()));
          return Page.newestFirst(
              dsl, ENROLMENT_TOKEN, ENROLMENT_TOKEN.TOKEN_ID, ofSite, page, tokens::view);
        });
  }

  @PostMapping
  ResponseEntity<Object> create(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String siteId,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewToken request) {
    NewToken.Checked wanted = request.check();
    return idempotency.run(
        caller,
        key,
        "POST enrolment-tokens of " + customerId + " " + siteId,
        request,
        HttpStatus.CREATED,
        dsl -> {
          SiteRef site = Customers.requireSite(dsl, customerId, siteId);
          return tokens.create(
              dsl,
              caller.username(),
              site.customer(),
              site.site(),
              Optional.empty(),
              wanted.seconds(),
              wanted.approval());
        });
  }
}
