package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/**
 * Requests to QEMU's agent in one running guest, in the agent's own words. libvirt lets one caller
 * at a time talk to an agent, for one request each. For one thread at a time.
 */
public final class LibvirtAgent implements AutoCloseable {
  /** What libvirt may take beyond the agent's own time. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final Libvirt libvirt;
  private final Domain domain;
  private final MemorySegment pointer;
  private final String uuid;

  private LibvirtAgent(Libvirt libvirt, Domain domain) {
    this.libvirt = libvirt;
    this.domain = domain;
    this.pointer = domain.call("asking the guest's agent", of -> _ -> of);
    this.uuid = domain.uuid();
  }

  /**
   * Opens a connection of its own.
   *
   * @param machine its name
   * @param deadline for each call to libvirt but the requests
   * @throws SendenseException NOT_FOUND, CONFLICT where it does not run, and as libvirt's opening
   */
  public static LibvirtAgent open(LibvirtUri uri, String machine, Duration deadline) {
    Libvirt libvirt = Libvirt.open(uri, deadline);
    try {
      Domain domain =
          libvirt
              .domainNamed(machine)
              .orElseThrow(
                  () ->
                      new SendenseException(
                          ErrorCode.NOT_FOUND,
                          "libvirt at " + uri.text() + " has no machine " + machine,
                          "List what is there with: kvm list --uri " + uri.text()));
      if (!domain.isActive()) {
        throw new SendenseException(
            ErrorCode.CONFLICT, machine + " does not run", "Start it, and try again.");
      }
      return new LibvirtAgent(libvirt, domain);
    } catch (RuntimeException e) {
      libvirt.close();
      throw e;
    }
  }

  /** Of the machine. */
  public String uuid() {
    return uuid;
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param within whole seconds
   * @throws SendenseException SOURCE_PROTOCOL with the agent's refusal or that it does not answer;
   *     whether it did what was asked is only known where it refused
   */
  public String ask(String request, Duration within) {
    return libvirt.call(
        "asking the guest's agent",
        within.plus(MARGIN),
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            return lib.take(
                Libvirt.pointer(
                    lib,
                    "virDomainQemuAgentCommand",
                    pointer,
                    arena.allocateFrom(request),
                    (int) within.toSeconds(),
                    0));
          }
        });
  }

  @Override
  public void close() {
    domain.free();
    libvirt.close();
  }
}
