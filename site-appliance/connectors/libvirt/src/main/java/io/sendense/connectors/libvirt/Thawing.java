package io.sendense.connectors.libvirt;

import io.sendense.domain.SendenseException;
import java.time.Duration;

/**
 * Sees to it that a guest which was asked to freeze does not stand still for long: it is thawed
 * when told, or after a limit, and again and again until its agent has said so. Then the owner
 * record goes. Thread-safe.
 */
final class Thawing {
  private static final Duration AGAIN = Duration.ofMillis(200);

  private final Duration limit;
  private final GuestAgent agent;
  private final LibvirtOwned owned;
  private final Thread thread;
  private boolean told;
  private boolean given;
  private boolean done;
  private boolean lateThaw;
  private int thawed;
  private long ended;

  private Thawing(Duration limit, GuestAgent agent, LibvirtOwned owned) {
    this.limit = limit;
    this.agent = agent;
    this.owned = owned;
    this.thread = Thread.ofPlatform().daemon().name("guest-thaw").unstarted(this::work);
  }

  static Thawing after(Duration limit, GuestAgent agent, LibvirtOwned owned) {
    Thawing made = new Thawing(limit, agent, owned);
    made.thread.start();
    return made;
  }

  /**
   * Thaws now and returns when the first attempt was answered or failed.
   *
   * @return whether the guest was not thawed before, by the limit
   */
  synchronized boolean now() {
    boolean inTime = !lateThaw;
    told = true;
    notifyAll();
    boolean interrupted = false;
    // The attempt has its own deadline, that of a call to libvirt.
    while (!given) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return inTime;
  }

  /** How many file systems the agent has thawed. */
  synchronized int thawed() {
    return thawed;
  }

  /** When the first attempt was over, by {@link System#nanoTime}. */
  synchronized long ended() {
    return ended;
  }

  /** Waits for the agent's word, and gives up asking for it; says whether it came. */
  boolean finish(Duration longest) {
    try {
      if (!thread.join(longest)) {
        thread.interrupt();
        thread.join();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    agent.close();
    synchronized (this) {
      return done;
    }
  }

  private void work() {
    try {
      awaitTurn();
      boolean answered = attempt();
      while (!answered) {
        Pause.pass(AGAIN);
        answered = attempt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitTurn() throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!told) {
      long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
      if (left <= 0) {
        lateThaw = true;
        return;
      }
      wait(left);
    }
  }

  private boolean attempt() {
    int count = 0;
    boolean answered = true;
    try {
      count = agent.thaw();
    } catch (SendenseException e) {
      answered = false;
    }
    synchronized (this) {
      if (answered) {
        owned.removeFrozen();
        thawed = count;
        done = true;
      }
      if (!given || answered) {
        ended = System.nanoTime();
      }
      given = true;
      notifyAll();
    }
    return answered;
  }
}
