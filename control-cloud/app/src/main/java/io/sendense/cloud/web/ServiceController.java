package io.sendense.cloud.web;

import static io.sendense.cloud.db.tenancy.Tables.MSP;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.SystemPurpose;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.identity.OidcSettings;
import io.sendense.cloud.identity.Role;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.exception.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The control plane itself: is it well, how to sign in, who am I. */
@RestController
@RequestMapping("/api/v1")
class ServiceController {
  private static final String VERSION =
      Optional.ofNullable(ServiceController.class.getPackage().getImplementationVersion())
          .orElse("0.1.0-SNAPSHOT");

  private final ScopedTx tx;
  private final OidcSettings oidc;

  ServiceController(ScopedTx tx, OidcSettings oidc) {
    this.tx = tx;
    this.oidc = oidc;
  }

  record Component(String name, String status) {}

  record Health(String status, String version, List<Component> components) {}

  record PortalConfig(String issuer, String clientId, String audience) {}

  record ScopeView(
      String kind, Optional<UUID> mspId, Optional<String> mspName, List<UUID> customerIds) {}

  record Me(String subject, String username, List<String> roles, ScopeView scope) {}

  @GetMapping("/health")
  ResponseEntity<Health> health() {
    String database = databaseAnswers() ? "up" : "down";
    Health health = new Health(database, VERSION, List.of(new Component("database", database)));
    return ResponseEntity.status(
            database.equals("up") ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(health);
  }

  @GetMapping("/portal-config")
  PortalConfig portalConfig() {
    return new PortalConfig(oidc.issuer().toString(), oidc.portalClient(), oidc.audience());
  }

  @GetMapping("/me")
  Me me(Caller caller) {
    Optional<String> mspName =
        caller
            .scope()
            .mspId()
            .flatMap(
                id ->
                    tx.run(
                        caller.scope(),
                        dsl ->
                            dsl.select(MSP.NAME)
                                .from(MSP)
                                .where(MSP.MSP_ID.eq(id.value()))
                                .fetchOptional(MSP.NAME)));
    String kind =
        switch (caller.scope()) {
          case Scope.Platform _ -> "platform";
          case Scope.WholeMsp _ -> "msp";
          case Scope.Customers _ -> "customers";
          case Scope.ForSystem _ -> throw new IllegalStateException("no caller is the system");
        };
    List<UUID> customers =
        caller.scope() instanceof Scope.Customers some
            ? some.customers().stream().map(CustomerId::value).sorted().toList()
            : List.of();
    return new Me(
        caller.subject(),
        caller.username(),
        caller.roles().stream().map(Role::wireName).sorted().toList(),
        new ScopeView(kind, caller.scope().mspId().map(MspId::value), mspName, customers));
  }

  private boolean databaseAnswers() {
    try {
      return tx.run(
          new Scope.ForSystem(SystemPurpose.SCHEDULING),
          dsl -> dsl.selectOne().fetch().size() == 1);
    } catch (SendenseException | DataAccessException e) {
      return false;
    }
  }
}
