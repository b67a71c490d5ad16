package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The agent of one guest, over a connection of its own that is opened anew after a call was late.
 * Thread-safe; its calls run one after another.
 */
final class GuestAgent implements AutoCloseable {
  private final LibvirtUri uri;
  private final String uuid;
  private final Duration callDeadline;
  private @Nullable Libvirt libvirt;

  GuestAgent(LibvirtSourceOptions options) {
    this(options.uri(), options.uuid(), options.callDeadline());
  }

  GuestAgent(LibvirtUri uri, String uuid, Duration callDeadline) {
    this.uri = uri;
    this.uuid = uuid;
    this.callDeadline = callDeadline;
  }

  /** Opens its connection, so that a later call need not. */
  synchronized void connect() {
    if (libvirt == null) {
      libvirt = Libvirt.open(uri, callDeadline);
    }
  }

  /** Why the agent cannot be talked to; empty where it answers. */
  synchronized Optional<String> silent() {
    try {
      call(
          domain -> {
            domain.askAgent();
            return 0;
          });
      return Optional.empty();
    } catch (SendenseException e) {
      return Optional.of("the guest's agent does not answer: " + e.getMessage());
    }
  }

  /**
   * @return how many file systems
   */
  synchronized int freeze() {
    return call(Domain::freeze);
  }

  /**
   * @return how many file systems had stood still; a machine that is off has none
   */
  synchronized int thaw() {
    return call(domain -> domain.isActive() ? domain.thaw() : 0);
  }

  private int call(ToIntFunction<Domain> call) {
    Libvirt open = libvirt;
    try {
      if (open == null) {
        open = Libvirt.open(uri, callDeadline);
        libvirt = open;
      }
      Optional<Domain> domain = open.domain(uuid);
      if (domain.isEmpty()) {
        return 0;
      }
      domain.get().agentTimeout((int) Freezer.ANSWER.toSeconds());
      try {
        return call.applyAsInt(domain.get());
      } finally {
        domain.get().agentTimeout(Domain.AGENT_WAITS);
      }
    } catch (SendenseException e) {
      if (e.code() == ErrorCode.DEADLINE_EXCEEDED && open != null) {
        libvirt = null;
        open.close();
      }
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    Libvirt open = libvirt;
    libvirt = null;
    if (open != null) {
      open.close();
    }
  }
}
