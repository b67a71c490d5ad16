package io.sendense.domain;

import java.util.UUID;

/** A protected virtual machine, by its identity. */
public record VmId(UUID value) {
  /** Parses the canonical form; anything else is refused with the text that was given. */
  public static VmId parse(String text) {
    return new VmId(Ids.parse("VmId", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
