package io.sendense.engine.limits;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Lets jobs in while every resource they need has room. A job gets all it needs at once or nothing,
 * so two jobs never hold a part each and wait for the other. Who came first goes first; a later job
 * passes one that waits for another resource, but no more than {@value #PASSES_MAX} do: then
 * everything that one needs is kept for it, so nobody waits for ever. Thread-safe; no call blocks.
 *
 * <p>A resource is named by a text such as {@code repository:main} or {@code source:host-7}.
 */
public final class Admission {
  /** Jobs that may overtake a waiting one with which they share a resource. */
  static final int PASSES_MAX = 100;

  /** A job that waits or runs; {@link #leave} ends either. */
  public final class Ticket {
    private final Set<String> needs;
    private final Runnable start;
    private int passes;

    private Ticket(Set<String> needs, Runnable start) {
      this.needs = needs;
      this.start = start;
    }

    private boolean shares(Ticket other) {
      return needs.stream().anyMatch(other.needs::contains);
    }

    /** Gives back what it holds, or gives up waiting. May be called twice. */
    public void leave() {
      Admission.this.leave(this);
    }
  }

  private final ToIntFunction<String> limits;
  private final int waitingMax;
  private final Map<String, Integer> taken = new HashMap<>();
  private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
  private final Set<Ticket> running = new HashSet<>();

  /**
   * @param limits how many jobs may hold a resource at once, at least 1
   * @param waitingMax jobs that may wait
   */
  public Admission(ToIntFunction<String> limits, int waitingMax) {
    this.limits = limits;
    this.waitingMax = waitingMax;
  }

  /**
   * Asks to be let in.
   *
   * @param start called once when the job is let in: on this thread before the return, or later on
   *     the thread that made room. It must only hand the job over to a thread
   * @return empty where too many wait already
   */
  public Optional<Ticket> enter(Collection<String> needs, Runnable start) {
    Ticket ticket = new Ticket(Set.copyOf(needs), start);
    synchronized (this) {
      if (waiting.size() >= waitingMax) {
        return Optional.empty();
      }
      waiting.addLast(ticket);
    }
    letIn();
    return Optional.of(ticket);
  }

  /** Jobs let in and not gone. */
  public synchronized int running() {
    return running.size();
  }

  /** Jobs not let in yet. */
  public synchronized int waiting() {
    return waiting.size();
  }

  private void leave(Ticket ticket) {
    synchronized (this) {
      if (!waiting.remove(ticket) && running.remove(ticket)) {
        ticket.needs.forEach(need -> taken.merge(need, -1, Integer::sum));
        ticket.needs.forEach(need -> taken.remove(need, 0));
      }
    }
    letIn();
  }

  private void letIn() {
    ArrayDeque<Ticket> admitted = new ArrayDeque<>();
    synchronized (this) {
      Set<String> kept = new HashSet<>();
      List<Ticket> passed = new ArrayList<>();
      for (Iterator<Ticket> each = waiting.iterator(); each.hasNext(); ) {
        Ticket ticket = each.next();
        if (ticket.needs.stream().allMatch(need -> !kept.contains(need) && hasRoom(need))) {
          each.remove();
          running.add(ticket);
          ticket.needs.forEach(need -> taken.merge(need, 1, Integer::sum));
          passed.stream().filter(ticket::shares).forEach(other -> other.passes++);
          admitted.addLast(ticket);
        } else {
          passed.add(ticket);
          boolean patient = ticket.passes < PASSES_MAX;
          ticket.needs.stream().filter(need -> !patient || !hasRoom(need)).forEach(kept::add);
        }
      }
    }
    admitted.forEach(ticket -> ticket.start.run());
  }

  private boolean hasRoom(String need) {
    return taken.getOrDefault(need, 0) < Math.max(1, limits.applyAsInt(need));
  }
}
