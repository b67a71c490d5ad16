package io.sendense.controllink;

import io.sendense.protocol.DesiredState;
import io.sendense.protocol.LeaseAnswer;
import io.sendense.protocol.LeaseRequest;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.UsageAnswer;
import io.sendense.protocol.UsageBatch;
import java.time.Duration;
import java.util.Optional;

/**
 * The calls of an enrolled appliance. Each is one request with a deadline and is not tried again
 * here. Any thread.
 *
 * <p>Failures are {@link io.sendense.domain.SendenseException}s: {@code LINK_UNAVAILABLE} when
 * nothing was answered (try later), {@code LINK_CLONE_DETECTED} when another holder of this
 * identity goes on in its place, any other code with the cloud's reason. A failed call changed
 * nothing on this side.
 */
public interface CloudLink extends AutoCloseable {
  /**
   * Asks for a lease. Also opens the session: it is the first call of a process.
   *
   * @param request with a nonce that was kept before the call
   */
  LeaseAnswer renewLease(LeaseRequest request) throws InterruptedException;

  /**
   * The desired state when it is newer than the one held, else empty after at most {@code hold}.
   *
   * @param heldVersion the version held; negative when there is none
   */
  Optional<DesiredState> desiredState(long heldVersion, Duration hold) throws InterruptedException;

  /** Returns when the cloud has it durably. */
  void report(ReportedState state) throws InterruptedException;

  UsageAnswer sendUsage(UsageBatch batch) throws InterruptedException;

  /** Waits for nothing: calls under way fail. */
  @Override
  void close();
}
