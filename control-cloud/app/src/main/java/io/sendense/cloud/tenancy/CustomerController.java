package io.sendense.cloud.tenancy;

import static io.sendense.cloud.db.tenancy.Tables.CUSTOMER;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.tenancy.tables.records.CustomerRecord;
import io.sendense.cloud.identity.Accounts;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.web.HidesSecrets;
import io.sendense.cloud.web.Idempotency;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import java.time.Instant;
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
@RequestMapping("/api/v1/customers")
class CustomerController {
  private final ScopedTx tx;
  private final Idempotency idempotency;
  private final Accounts accounts;
  private final NewCustomers customers;

  CustomerController(
      ScopedTx tx, Idempotency idempotency, Accounts accounts, NewCustomers customers) {
    this.tx = tx;
    this.idempotency = idempotency;
    this.accounts = accounts;
    this.customers = customers;
  }

  record CustomerView(UUID id, UUID mspId, String name, String timeZone, Instant createdAt) {}

  record CustomerCreated(CustomerView customer, Optional<Accounts.Credentials> credentials)
      implements HidesSecrets {
    @Override
    public Object withoutSecrets() {
      return new CustomerCreated(customer, Optional.empty());
    }
  }

  @GetMapping
  Page<CustomerView> list(
      Caller caller, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    return tx.run(
        caller.scope(),
        dsl ->
            Page.newestFirst(
                dsl,
                CUSTOMER,
                CUSTOMER.CUSTOMER_ID,
                DSL.noCondition(),
                page,
                CustomerController::view));
  }

  @GetMapping("/{customerId}")
  CustomerView get(Caller caller, @PathVariable String customerId) {
    CustomerId id = CustomerId.parse(customerId);
    return tx.run(
        caller.scope(),
        dsl ->
            dsl.selectFrom(CUSTOMER)
                .where(CUSTOMER.CUSTOMER_ID.eq(id.value()))
                .fetchOptional(CustomerController::view)
                .orElseThrow(() -> Customers.notFound("customer", id)));
  }

  @PostMapping
  ResponseEntity<Object> create(
      Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody NewTenant request) {
    NewTenant.Checked wanted = request.check();
    if (!(caller.scope() instanceof Scope.WholeMsp whole)) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "only somebody whose scope is the whole MSP can create a customer",
          "Ask an administrator of the MSP.");
    }
    return AccountOf.during(
        accounts,
        account ->
            idempotency.run(
                caller,
                key,
                "POST /api/v1/customers",
                request,
                HttpStatus.CREATED,
                dsl -> create(dsl, caller, whole.msp(), wanted, account)));
  }

  private CustomerCreated create(
      DSLContext dsl,
      Caller caller,
      MspId msp,
      NewTenant.Checked wanted,
      Function<Accounts.NewAccount, Accounts.Credentials> account) {
    NewCustomers.Made made =
        customers.create(dsl, caller.username(), msp, wanted, Optional.empty(), account);
    CustomerView view =
        dsl.selectFrom(CUSTOMER)
            .where(CUSTOMER.MSP_ID.eq(msp.value()))
            .and(CUSTOMER.CUSTOMER_ID.eq(made.customer().customer().value()))
            .fetchSingle(CustomerController::view);
    return new CustomerCreated(view, Optional.of(made.credentials()));
  }

  private static CustomerView view(CustomerRecord row) {
    return new CustomerView(
        row.getCustomerId(),
        row.getMspId(),
        row.getName(),
        row.getTimeZone(),
        row.getCreatedAt().toInstant());
  }
}
