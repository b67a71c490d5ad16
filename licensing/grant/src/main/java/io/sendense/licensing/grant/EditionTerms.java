package io.sendense.licensing.grant;

import java.util.OptionalInt;
import java.util.Set;

/**
 * What an edition means.
 *
 * @param vms protected VMs at most, absent = as the licence says
 * @param days how long it lasts from its issue, absent = as the licence says
 */
public record EditionTerms(Set<Feature> features, OptionalInt vms, OptionalInt days) {
  public EditionTerms {
    features = Set.copyOf(features);
  }

  boolean includes(EditionTerms lower) {
    return features.containsAll(lower.features);
  }
}
