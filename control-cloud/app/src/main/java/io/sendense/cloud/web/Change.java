package io.sendense.cloud.web;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Says that something is worth reading again.
 *
 * @param type one of the types that openapi.yaml lists
 * @param id of what changed
 */
public record Change(
    String type,
    UUID mspId,
    Optional<UUID> customerId,
    Optional<UUID> applianceId,
    Optional<String> id,
    Instant at) {

  /** A change to an object of a customer. */
  public static Change of(String type, MspId msp, CustomerId customer, Object id, Instant at) {
    return new Change(
        type,
        msp.value(),
        Optional.of(customer.value()),
        Optional.empty(),
        Optional.of(id.toString()),
        at);
  }

  /** The same change, which one appliance is to learn of. */
  public Change forAppliance(UUID appliance) {
    return new Change(type, mspId, customerId, Optional.of(appliance), id, at);
  }

  @JsonIgnore
  public boolean concerns(UUID appliance) {
    return applianceId.filter(appliance::equals).isPresent();
  }
}
