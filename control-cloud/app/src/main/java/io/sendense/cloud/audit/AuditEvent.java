package io.sendense.cloud.audit;

import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.util.Map;
import java.util.Optional;

/**
 * A change to be recorded. It never holds a secret.
 *
 * @param actor who did it: a user name, {@code appliance:ID} or {@code system:PURPOSE}
 * @param action noun and verb, for example {@code policy.create}
 * @param subject what it was done to
 */
public record AuditEvent(
    MspId msp,
    Optional<CustomerId> customer,
    String actor,
    String action,
    String subject,
    Map<String, Object> detail) {
  public AuditEvent {
    detail = Map.copyOf(detail);
  }

  /** A change to something of a customer. */
  public static AuditEvent of(
      MspId msp,
      CustomerId customer,
      String actor,
      String action,
      Object subject,
      Map<String, Object> detail) {
    return new AuditEvent(msp, Optional.of(customer), actor, action, subject.toString(), detail);
  }
}
