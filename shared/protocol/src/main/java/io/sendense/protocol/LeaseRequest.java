package io.sendense.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Asks for a lease that follows the one held.
 *
 * @param nonce made and kept before the request is sent and used again until it is answered, so
 *     that a lost answer can be told from a second holder of the same lease
 * @param heldSequence sequence of the lease held; 0 when there is none
 * @param clock the appliance's clock
 * @param hardware digests of hardware components, for a licence that is bound to them
 * @param trusted ids of the keys whose licences are believed, so that a new one is not used too
 *     soon
 */
public record LeaseRequest(
    UUID nonce, long heldSequence, Instant clock, List<String> hardware, List<String> trusted)
    implements Message {
  public LeaseRequest {
    Bounds.required(nonce, "nonce");
    Bounds.notNegative(heldSequence, "heldSequence");
    Bounds.required(clock, "clock");
    hardware = Bounds.list(hardware, 16, "hardware");
    hardware.forEach(digest -> Bounds.text(digest, Bounds.IDENTIFIER, "hardware"));
    trusted = Bounds.list(trusted, 16, "trusted");
    trusted.forEach(key -> Bounds.text(key, Bounds.IDENTIFIER, "trusted"));
  }

  public LeaseRequest(UUID nonce, long heldSequence, Instant clock, List<String> hardware) {
    this(nonce, heldSequence, clock, hardware, List.of());
  }
}
