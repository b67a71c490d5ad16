package io.sendense.cloud.commerce;

import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What people call customers and VMs. Rating knows identities only.
 *
 * @param customers by identity
 * @param vms by identity; one that is not reported any more may be missing
 */
record Names(Map<UUID, String> customers, Map<UUID, String> vms) {
  private static final Pattern VM =
      Pattern.compile("VM ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  Names {
    customers = Map.copyOf(customers);
    vms = Map.copyOf(vms);
  }

  @Nullable String customer(UUID id) {
    return customers.get(id);
  }

  /** The text with the names of VMs, where they are known, in the place of identities. */
  String readable(String text) {
    return VM.matcher(text)
        .replaceAll(
            found ->
                java.util.regex.Matcher.quoteReplacement(
                    vms.getOrDefault(UUID.fromString(found.group(1)), found.group())));
  }
}
