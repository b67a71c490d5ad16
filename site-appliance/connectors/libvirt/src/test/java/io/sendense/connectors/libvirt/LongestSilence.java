package io.sendense.connectors.libvirt;

import java.time.Duration;
import java.util.function.Supplier;

/** Watches a text that grows, and knows the longest time for which it did not. */
final class LongestSilence {
  private static final Duration LOOK = Duration.ofMillis(10);

  private final Thread thread;
  private volatile long longest;

  private LongestSilence(Supplier<String> text) {
    this.thread = Thread.ofPlatform().daemon().unstarted(() -> watch(text));
  }

  static LongestSilence of(Supplier<String> text) {
    LongestSilence made = new LongestSilence(text);
    made.thread.start();
    return made;
  }

  private void watch(Supplier<String> text) {
    int length = text.get().length();
    long grown = System.nanoTime();
    try {
      while (true) {
        Pause.pass(LOOK);
        int now = text.get().length();
        longest = Math.max(longest, System.nanoTime() - grown);
        if (now > length) {
          length = now;
          grown = System.nanoTime();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until now; it watches no longer. */
  Duration longest() {
    thread.interrupt();
    return Duration.ofNanos(longest);
  }
}
