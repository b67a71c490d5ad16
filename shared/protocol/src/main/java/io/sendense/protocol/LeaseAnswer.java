package io.sendense.protocol;

import java.time.Instant;
import java.util.Optional;

/**
 * The licence in force and the new lease, each as the JWS that the licensing part made; the
 * appliance verifies both itself.
 *
 * @param serverTime the cloud's clock, for a warning when the appliance's is far off
 * @param trust the keys to be trusted from now on, as a JWS of a key that is trusted already
 */
public record LeaseAnswer(String licence, String lease, Instant serverTime, Optional<String> trust)
    implements Message {
  @SuppressWarnings("NullableOptional") // a cloud of before leaves it out
  public LeaseAnswer {
    Bounds.text(licence, Bounds.TOKEN, "licence");
    Bounds.text(lease, Bounds.TOKEN, "lease");
    Bounds.required(serverTime, "serverTime");
    trust = Bounds.optionalText(trust, Bounds.TOKEN, "trust");
  }

  public LeaseAnswer(String licence, String lease, Instant serverTime) {
    this(licence, lease, serverTime, Optional.empty());
  }
}
