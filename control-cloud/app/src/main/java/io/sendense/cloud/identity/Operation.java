package io.sendense.cloud.identity;

import java.util.Set;

/**
 * One operation of openapi.yaml, as far as access goes.
 *
 * @param roles of which the caller needs one; empty where any signed-in caller will do
 * @param open whether it needs no sign-in
 */
public record Operation(String id, String method, String path, Set<Role> roles, boolean open) {
  public Operation {
    roles = Set.copyOf(roles);
  }

  /** Whether somebody with these roles may call it. */
  public boolean allows(Set<Role> callers) {
    return open || roles.isEmpty() || callers.stream().anyMatch(roles::contains);
  }
}
