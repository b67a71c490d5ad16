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
 * <p>A resource is named by a text such as {@code repository:main} or {@code source:host-7}. A job
 * takes one unit of it, or as many as it says: of processors or MiB of memory.
 */
public final class Admission {
  /** Jobs that may overtake a waiting one with which they share a resource. */
  static final int PASSES_MAX = 100;

  /** A job that waits or runs; {@link #leave} ends either. */
  public final class Ticket {
    private final Map<String, Integer> needs;
    private final Runnable start;
    private int passes;

    private Ticket(Map<String, Integer> needs, Runnable start) {
      this.needs = needs;
      this.start = start;
    }

    private boolean shares(Ticket other) {
      return needs.keySet().stream().anyMatch(other.needs::containsKey);
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
   * @param limits how many units of a resource may be held at once, at least 1
   * @param waitingMax jobs that may wait
   */
  public Admission(ToIntFunction<String> limits, int waitingMax) {
    this.limits = limits;
    this.waitingMax = waitingMax;
  }

  /**
   * Asks to be let in with one unit of each resource.
   *
   * @param start called once when the job is let in: on this thread before the return, or later on
   *     the thread that made room. It must only hand the job over to a thread
   * @return empty where too many wait already
   */
  public Optional<Ticket> enter(Collection<String> needs, Runnable start) {
    Map<String, Integer> one = new HashMap<>();
    needs.forEach(need -> one.put(need, 1));
    return enter(one, start);
  }

  /**
   * Asks to be let in with so many units of each resource. One that needs more than there are of a
   * resource is let in when nobody else holds any of it.
   *
   * @param start as above
   * @return empty where too many wait already
   */
  public Optional<Ticket> enter(Map<String, Integer> needs, Runnable start) {
    Ticket ticket = new Ticket(Map.copyOf(needs), start);
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
        ticket.needs.forEach((need, units) -> taken.merge(need, -units, Integer::sum));
        ticket.needs.keySet().forEach(need -> taken.remove(need, 0));
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
        if (ticket.needs.entrySet().stream()
            .allMatch(need -> !kept.contains(need.getKey()) && hasRoom(need))) {
          each.remove();
          running.add(ticket);
          ticket.needs.forEach((need, units) -> taken.merge(need, units, Integer::sum));
          passed.stream().filter(ticket::shares).forEach(other -> other.passes++);
          admitted.addLast(ticket);
        } else {
          passed.add(ticket);
          boolean patient = ticket.passes < PASSES_MAX;
          ticket.needs.entrySet().stream()
              .filter(need -> !patient || !hasRoom(need))
              .forEach(need -> kept.add(need.getKey()));
        }
      }
    }
    admitted.forEach(ticket -> ticket.start.run());
  }

  private boolean hasRoom(Map.Entry<String, Integer> need) {
    int held = taken.getOrDefault(need.getKey(), 0);
    return held == 0 || held + need.getValue() <= Math.max(1, limits.applyAsInt(need.getKey()));
  }
}
