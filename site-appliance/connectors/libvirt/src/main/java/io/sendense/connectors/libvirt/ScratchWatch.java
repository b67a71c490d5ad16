package io.sendense.connectors.libvirt;

import io.sendense.domain.SendenseException;
import java.time.Duration;

/**
 * Ends a capture before its scratch files fill their folder. QEMU could not keep an old block then,
 * and until version 10.1 it fails the guest's write for that: the capture is given up instead.
 */
final class ScratchWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** A pool is looked through for each answer. */
  private static final Duration REMOTE_INTERVAL = Duration.ofSeconds(1);

  private static final Duration END = Duration.ofSeconds(60);

  private final LibvirtSourceOptions options;
  private final ScratchSpace space;
  private final String mark;
  private final Libvirt libvirt;
  private final Thread thread;
  private volatile boolean full;
  private volatile boolean closed;

  private ScratchWatch(
      LibvirtSourceOptions options, ScratchSpace space, String mark, Libvirt libvirt) {
    this.options = options;
    this.space = space;
    this.mark = mark;
    this.libvirt = libvirt;
    this.thread = Thread.ofPlatform().daemon().name("scratch-watch").unstarted(this::watch);
  }

  /** Its connection is opened now, because then may be too late. */
  static ScratchWatch start(LibvirtSourceOptions options, ScratchSpace space, String mark) {
    Libvirt libvirt = Libvirt.open(options.uri(), options.callDeadline());
    ScratchWatch watch = new ScratchWatch(options, space, mark, libvirt);
    watch.thread.start();
    return watch;
  }

  /** Whether the capture was given up. */
  boolean full() {
    return full;
  }

  private void watch() {
    try {
      while (!closed && space.free(libvirt) >= options.scratchFloorBytes()) {
        Pause.pass(options.uri().isLocal() ? INTERVAL : REMOTE_INTERVAL);
      }
      if (!closed) {
        full = true;
        libvirt
            .domain(options.uuid())
            .filter(domain -> BackupJobs.isOurs(domain, mark))
            .ifPresent(Domain::abortJob);
      }
    } catch (SendenseException e) {
      // Without its daemon nothing can be ended; the capture's reads say what is wrong.
      full = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    try (libvirt) {
      if (!thread.join(END)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
