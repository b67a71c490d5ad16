package io.sendense.appliance.daemon;

import io.sendense.domain.VmId;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Intervals;
import io.sendense.protocol.Messages;
import io.sendense.protocol.ProtectionPolicy;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The desired state in force, kept so that the appliance goes on by it when it is started while the
 * cloud is away. Any thread.
 */
final class Desired {
  private static final String KEY = "desired";

  private final DaemonDatabase database;
  private volatile Optional<DesiredState> current;

  Desired(DaemonDatabase database) {
    this.database = database;
    this.current =
        database
            .setting(KEY)
            .map(text -> Messages.read(DesiredState.class, Base64.getDecoder().decode(text)));
  }

  /** Durable before it is in force. */
  void replace(DesiredState state) {
    database.set(KEY, Base64.getEncoder().encodeToString(Messages.write(state)));
    current = Optional.of(state);
  }

  Optional<DesiredState> current() {
    return current;
  }

  /** Negative when there is none. */
  long version() {
    return current.map(DesiredState::version).orElse(-1L);
  }

  Intervals intervals() {
    return current.map(DesiredState::intervals).orElse(Intervals.DEFAULT);
  }

  List<ProtectionPolicy> active() {
    return current.map(DesiredState::policies).orElse(List.of()).stream()
        .filter(ProtectionPolicy::active)
        .toList();
  }

  Set<VmId> covered() {
    return active().stream().flatMap(policy -> policy.vms().stream()).collect(Collectors.toSet());
  }

  /** The policy of the highest edition that covers the machine. */
  Optional<ProtectionPolicy> policyOf(VmId vm) {
    return active().stream()
        .filter(policy -> policy.vms().contains(vm))
        .max(java.util.Comparator.comparing(ProtectionPolicy::edition));
  }
}
