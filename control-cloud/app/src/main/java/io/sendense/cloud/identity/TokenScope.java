package io.sendense.cloud.identity;

import io.sendense.cloud.db.Scope;
import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads roles and scope from a token's claims. A token whose claims contradict each other gets
 * nothing: a role of a customer never widens to the MSP because a list is missing.
 */
final class TokenScope {
  static final String ROLES = "roles";
  static final String MSP = "msp_id";
  static final String CUSTOMERS = "customer_ids";
  private static final Set<Role> OF_MSP =
      EnumSet.of(Role.MSP_ADMIN, Role.MSP_OPERATOR, Role.MSP_BILLING);

  private TokenScope() {}

  /**
   * The caller of these claims.
   *
   * @throws SendenseException FORBIDDEN when the account has no role of ours or no scope
   */
  static Caller caller(Map<String, Object> claims, Instant expiresAt) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    texts(claims.get(ROLES)).forEach(name -> Role.of(name).ifPresent(roles::add));
    String subject = text(claims, "sub").orElseThrow(() -> refused("no subject"));
    String name = text(claims, "preferred_username").orElse(subject);
    if (roles.isEmpty()) {
      throw refused("none of the product's roles");
    }
    return new Caller(subject, name, roles, scope(roles, claims), expiresAt);
  }

  private static Scope scope(Set<Role> roles, Map<String, Object> claims) {
    Optional<MspId> msp = text(claims, MSP).map(MspId::parse);
    Set<CustomerId> customers = new LinkedHashSet<>();
    texts(claims.get(CUSTOMERS)).forEach(id -> customers.add(CustomerId.parse(id)));
    if (roles.contains(Role.PLATFORM_ADMIN)) {
      if (roles.size() > 1 || msp.isPresent()) {
        throw refused("the platform's role together with a tenant");
      }
      return new Scope.Platform();
    }
    MspId ofMsp = msp.orElseThrow(() -> refused("a role but no MSP"));
    if (!customers.isEmpty()) {
      return new Scope.Customers(ofMsp, customers);
    }
    if (roles.stream().allMatch(OF_MSP::contains)) {
      return new Scope.WholeMsp(ofMsp);
    }
    throw refused("a customer's role but no customer");
  }

  private static Optional<String> text(Map<String, Object> claims, String name) {
    return claims.get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static List<String> texts(@org.jspecify.annotations.Nullable Object claim) {
    return switch (claim) {
      case String one when !one.isBlank() -> List.of(one);
      case List<?> many -> many.stream().map(Object::toString).toList();
      case null, default -> List.of();
    };
  }

  private static SendenseException refused(String what) {
    return new SendenseException(
        ErrorCode.FORBIDDEN,
        "the token is valid, but its account has " + what,
        "Ask your administrator to give the account a role and a scope, then sign in again.");
  }
}
