package io.sendense.appliance.daemon;

import java.util.concurrent.CompletableFuture;

/** One thing given by one thread and taken by another, which waits for it. */
final class Handover<T> {
  private final CompletableFuture<T> given = new CompletableFuture<>();

  void give(T thing) {
    given.complete(thing);
  }

  /** Waits as long as the giver takes to return from the call that made the thing. */
  T take() {
    return given.join();
  }
}
