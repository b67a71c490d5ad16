package io.sendense.protocol;

import java.time.Instant;

/**
 * The licence in force and the new lease, each as the JWS that the licensing part made; the
 * appliance verifies both itself.
 *
 * @param serverTime the cloud's clock, for a warning when the appliance's is far off
 */
public record LeaseAnswer(String licence, String lease, Instant serverTime) implements Message {
  public LeaseAnswer {
    Bounds.text(licence, Bounds.TOKEN, "licence");
    Bounds.text(lease, Bounds.TOKEN, "lease");
    Bounds.required(serverTime, "serverTime");
  }
}
