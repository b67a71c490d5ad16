package io.sendense.licensing.grant;

import java.util.Map;
import java.util.TreeMap;

/**
 * What the appliance found about its own hardware: kind of component (for example {@code
 * board-serial}, {@code machine-id}) to its value. Values never leave the appliance, only hashes.
 */
public record HardwareFacts(Map<String, String> valueByKind) {
  public static final HardwareFacts NONE = new HardwareFacts(Map.of());

  public HardwareFacts {
    valueByKind = Map.copyOf(new TreeMap<>(valueByKind));
  }

  /** Only the kinds: a value is nobody's business in a log. */
  @Override
  public String toString() {
    return "HardwareFacts" + new TreeMap<>(valueByKind).keySet();
  }
}
