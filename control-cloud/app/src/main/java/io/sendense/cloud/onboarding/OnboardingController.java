package io.sendense.cloud.onboarding;

import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.fleet.ApplianceTokens;
import io.sendense.cloud.identity.Accounts;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.licensing.LicenceView;
import io.sendense.cloud.licensing.Licences;
import io.sendense.cloud.tenancy.AccountOf;
import io.sendense.cloud.tenancy.CustomerRef;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.tenancy.NewCustomers;
import io.sendense.cloud.tenancy.SiteRef;
import io.sendense.cloud.tenancy.Sites;
import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Customers by the name that the MSP's own systems have for them. The same request again changes
 * nothing; another one changes what may be changed and is refused as a whole for what may not.
 */
@RestController
@RequestMapping("/api/v1/onboardings/{externalId}")
class OnboardingController {
  private final ScopedTx tx;
  private final Accounts accounts;
  private final NewCustomers customers;
  private final Sites sites;
  private final Licences licences;
  private final ApplianceTokens tokens;

  OnboardingController(
      ScopedTx tx,
      Accounts accounts,
      NewCustomers customers,
      Sites sites,
      Licences licences,
      ApplianceTokens tokens) {
    this.tx = tx;
    this.accounts = accounts;
    this.customers = customers;
    this.sites = sites;
    this.licences = licences;
    this.tokens = tokens;
  }

  @GetMapping
  Onboarded get(Caller caller, @PathVariable String externalId) {
    String id = Wanted.externalId(externalId);
    return tx.run(
        caller.scope(),
        dsl -> {
          CustomerRef customer =
              find(dsl, id).orElseThrow(() -> Customers.notFound("customer called", id));
          return now(id, customer, Optional.empty(), licences.inForce(dsl, customer));
        });
  }

  @PutMapping
  ResponseEntity<Onboarded> put(
      Caller caller, @PathVariable String externalId, @RequestBody Wanted request) {
    Wanted.Checked wanted = request.check(externalId);
    if (!(caller.scope() instanceof Scope.WholeMsp whole)) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "only somebody whose scope is the whole MSP can onboard a customer",
          "Ask an administrator of the MSP.");
    }
    return AccountOf.during(
        accounts, account -> tx.run(whole, dsl -> put(dsl, caller, whole.msp(), wanted, account)));
  }

  private ResponseEntity<Onboarded> put(
      DSLContext dsl,
      Caller caller,
      MspId msp,
      Wanted.Checked wanted,
      Function<Accounts.NewAccount, Accounts.Credentials> account) {
    // Of two that ask for the same at once, the second finds what the first made.
    dsl.execute(
        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
        "onboarding " + msp + " " + wanted.externalId());
    Optional<CustomerRef> known = find(dsl, wanted.externalId());
    return known.isPresent()
        ? ResponseEntity.ok(change(dsl, caller.username(), known.get(), wanted))
        : ResponseEntity.status(HttpStatus.CREATED)
            .body(create(dsl, caller.username(), msp, wanted, account));
  }

  private Onboarded create(
      DSLContext dsl,
      String actor,
      MspId msp,
      Wanted.Checked wanted,
      Function<Accounts.NewAccount, Accounts.Credentials> account) {
    NewCustomers.Made made =
        customers.create(
            dsl, actor, msp, wanted.tenant(), Optional.of(wanted.externalId()), account);
    CustomerRef customer = made.customer();
    SiteRef site = sites.create(dsl, actor, customer, wanted.site(), wanted.location());
    LicenceView licence = licences.issue(dsl, actor, customer, wanted.licence());
    ApplianceTokens.Token token = tokens.create(dsl, actor, site);
    return new Onboarded(
        wanted.externalId(),
        customer.customer().value(),
        customer.name(),
        customer.zone().getId(),
        Optional.of(new Onboarded.Site(site.site().value(), site.name())),
        Optional.of(licence),
        Optional.of(made.credentials()),
        Optional.of(token));
  }

  private Onboarded change(DSLContext dsl, String actor, CustomerRef held, Wanted.Checked wanted) {
    if (!held.zone().equals(wanted.tenant().zone())) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          held.name()
              + " has time zone "
              + held.zone().getId()
              + ", in which its days are billed, and keeps it",
          "Ask for that time zone, or onboard another customer.");
    }
    CustomerRef customer = customers.rename(dsl, actor, held, wanted.tenant().name());
    SiteRef site =
        Sites.named(dsl, customer, wanted.site())
            .orElseGet(() -> sites.create(dsl, actor, customer, wanted.site(), wanted.location()));
    LicenceView licence = licences.ensure(dsl, actor, customer, wanted.licence());
    return now(wanted.externalId(), customer, Optional.of(site), Optional.of(licence));
  }

  private static Optional<CustomerRef> find(DSLContext dsl, String externalId) {
    return dsl.select(CUSTOMER.CUSTOMER_ID)
        .from(CUSTOMER)
        .where(CUSTOMER.EXTERNAL_ID.eq(externalId))
        .fetchOptional(row -> Customers.require(dsl, new CustomerId(row.value1())));
  }

  private static Onboarded now(
      String externalId,
      CustomerRef customer,
      Optional<SiteRef> site,
      Optional<LicenceView> licence) {
    return new Onboarded(
        externalId,
        customer.customer().value(),
        customer.name(),
        customer.zone().getId(),
        site.map(one -> new Onboarded.Site(one.site().value(), one.name())),
        licence,
        Optional.empty(),
        Optional.empty());
  }
}
