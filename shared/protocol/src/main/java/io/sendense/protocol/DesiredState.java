package io.sendense.protocol;

import io.sendense.domain.ApplianceId;
import java.util.List;

/**
 * What the cloud wants of one appliance, whole: the reader replaces what it held before.
 *
 * @param appliance whom it is for; an appliance refuses another's
 * @param version rises with every change and is the ETag; an older one than held is dropped
 * @param policies what to protect and how often; a VM without a policy is not backed up
 * @param commands what to do once, until the result of each has been reported
 * @param intervals how often to call, set by the server
 */
public record DesiredState(
    ApplianceId appliance,
    long version,
    List<ProtectionPolicy> policies,
    List<Command> commands,
    Intervals intervals)
    implements Message {
  public DesiredState {
    Bounds.required(appliance, "appliance");
    Bounds.notNegative(version, "version");
    policies = Bounds.list(policies, Bounds.POLICIES, "policies");
    commands = Bounds.list(commands, Bounds.COMMANDS, "commands");
    Bounds.required(intervals, "intervals");
  }

  /** The entity tag of this version, with its quotes, for If-None-Match. */
  public String etag() {
    return etag(version);
  }

  /** The entity tag of a version. */
  public static String etag(long version) {
    return "\"" + version + "\"";
  }
}
