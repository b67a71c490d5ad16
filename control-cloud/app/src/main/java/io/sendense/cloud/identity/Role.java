package io.sendense.cloud.identity;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a caller may do; where it may do it is the scope's part. */
public enum Role {
  PLATFORM_ADMIN,
  MSP_ADMIN,
  MSP_OPERATOR,
  MSP_BILLING,
  CUSTOMER_ADMIN,
  CUSTOMER_OPERATOR,
  CUSTOMER_VIEWER;

  /** As it stands in tokens and in openapi.yaml, for example {@code msp-admin}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The role of that name; empty for any other, because a realm has roles of its own too. */
  public static Optional<Role> of(String wireName) {
    return Arrays.stream(values()).filter(role -> role.wireName().equals(wireName)).findFirst();
  }
}
