package io.sendense.cloud.notification;

import io.sendense.cloud.audit.AuditEvent;
import io.sendense.cloud.audit.AuditLog;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1")
class RuleController {
  private static final long MAX_THRESHOLD = 1_000_000;
  private static final long MAX_ESCALATE_SECONDS = 30L * 24 * 3600;

  private final ScopedTx tx;
  private final AuditLog audit;
  private final InstantSource clock;

  RuleController(ScopedTx tx, AuditLog audit, InstantSource clock) {
    this.tx = tx;
    this.audit = audit;
    this.clock = clock;
  }

  record RuleView(
      String kind,
      boolean enabled,
      String severity,
      long threshold,
      long escalateSeconds,
      String origin) {}

  record RuleList(List<RuleView> items) {}

  record NewRule(
      @Nullable Boolean enabled,
      @Nullable String severity,
      @Nullable Long threshold,
      @Nullable Long escalateSeconds) {
    Rule check() {
      Findings findings = new Findings();
      findings.require(enabled != null, "enabled", "is missing");
      Optional<Severity> checked =
          findings.word(severity, "severity", Severity::of, Severity.WORDS);
      long limit = findings.number(threshold, "threshold", 0, MAX_THRESHOLD);
      long escalate = findings.number(escalateSeconds, "escalateSeconds", 0, MAX_ESCALATE_SECONDS);
      findings.orRefuse();
      return new Rule(Boolean.TRUE.equals(enabled), checked.orElseThrow(), limit, escalate);
    }
  }

  @GetMapping("/msps/{mspId}/alert-rules")
  RuleList ofMsp(Caller caller, @PathVariable String mspId) {
    MspId msp = MspId.parse(mspId);
    return tx.run(caller.wholeMsp(msp), dsl -> all(RuleStore.read(dsl, msp.value()), Rules.MSP));
  }

  @GetMapping("/customers/{customerId}/alert-rules")
  RuleList ofCustomer(Caller caller, @PathVariable String customerId) {
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          Rules rules = RuleStore.read(dsl, customer.msp().value());
          return all(rules, customer.customer().value());
        });
  }

  @PutMapping("/msps/{mspId}/alert-rules/{kind}")
  RuleView setOfMsp(
      Caller caller,
      @PathVariable String mspId,
      @PathVariable String kind,
      @RequestBody NewRule request) {
    MspId msp = MspId.parse(mspId);
    Rule rule = request.check();
    return tx.run(caller.wholeMsp(msp), dsl -> set(dsl, caller, msp, Optional.empty(), kind, rule));
  }

  @PutMapping("/customers/{customerId}/alert-rules/{kind}")
  RuleView setOfCustomer(
      Caller caller,
      @PathVariable String customerId,
      @PathVariable String kind,
      @RequestBody NewRule request) {
    Rule rule = request.check();
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer = Customers.require(dsl, customerId);
          return set(dsl, caller, customer.msp(), Optional.of(customer.customer()), kind, rule);
        });
  }

  private RuleView set(
      DSLContext dsl,
      Caller caller,
      MspId msp,
      Optional<CustomerId> customer,
      String word,
      Rule rule) {
    AlertKind kind =
        AlertKind.of(word).orElseThrow(() -> Customers.notFound("kind of alert", word));
    UUID owner = customer.map(CustomerId::value).orElse(Rules.MSP);
    RuleStore.set(dsl, msp.value(), owner, kind, rule, clock.instant());
    audit.record(
        dsl,
        new AuditEvent(
            msp,
            customer,
            caller.username(),
            "alert-rule.set",
            kind.word(),
            Map.of(
                "enabled", rule.enabled(),
                "severity", rule.severity().word(),
                "threshold", rule.threshold(),
                "escalateSeconds", rule.escalateSeconds())));
    return view(RuleStore.read(dsl, msp.value()), owner, kind);
  }

  private static RuleList all(Rules rules, UUID owner) {
    return new RuleList(
        Arrays.stream(AlertKind.values()).map(kind -> view(rules, owner, kind)).toList());
  }

  private static RuleView view(Rules rules, UUID owner, AlertKind kind) {
    Rules.Effective effective = rules.of(owner, kind);
    Rule rule = effective.rule();
    return new RuleView(
        kind.word(),
        rule.enabled(),
        rule.severity().word(),
        rule.threshold(),
        rule.escalateSeconds(),
        effective.origin());
  }
}
