package io.sendense.connectors.libvirt;

import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The guard's own process. It outlives the one that froze the guest, whose end closes its standard
 * input: then, or where the limit has passed, it thaws.
 */
final class ThawGuardMain {
  static final String READY = "ready";
  static final int ARM = 'f';
  static final int DONE = 't';

  /** From being armed; later than the other process's own limit, so that it seldom comes to it. */
  static final Duration LIMIT = Freezer.LIMIT.plusMillis(300);

  /** A freeze that was under way when its process was killed may be carried out after a thaw. */
  private static final Duration SETTLES = Freezer.ANSWER.multipliedBy(3);

  private static final Duration AGAIN = Duration.ofMillis(100);

  /** For an agent that does not answer; after that the next backup asks it. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  /** Of a guard whose guest was never frozen. */
  private static final Duration UNUSED = Duration.ofMinutes(10);

  private static final int END = -1;

  private ThawGuardMain() {}

  public static void main(String[] args) throws InterruptedException {
    ownSession();
    BlockingQueue<Integer> words = new ArrayBlockingQueue<>(4);
    Thread.ofPlatform().daemon().start(() -> read(System.in, words));
    try (GuestAgent agent =
        new GuestAgent(
            LibvirtUri.parse(args[0]), args[1], Duration.ofMillis(Long.parseLong(args[2])))) {
      agent.connect();
      System.out.println(READY);
      if (next(words, UNUSED) == ARM && next(words, LIMIT) != DONE) {
        thaw(agent);
      }
    } catch (SendenseException e) {
      System.out.println(e.getMessage());
    }
    // A call to libvirt that never returned keeps nobody here.
    Runtime.getRuntime().halt(0);
  }

  /** Signals for the group of the process that it guards for, such as Ctrl-C, are not for it. */
  private static void ownSession() {
    Linker linker = Linker.nativeLinker();
    try {
      int unused =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("setsid"),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT))
                  .invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("setsid", e);
    }
  }

  private static void read(InputStream in, BlockingQueue<Integer> words) {
    try {
      int word = ARM;
      while (word == ARM) {
        word = in.read();
        words.put(word);
      }
    } catch (IOException e) {
      words.add(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int next(BlockingQueue<Integer> words, Duration longest)
      throws InterruptedException {
    Integer word = words.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
    return word == null ? END : word;
  }

  private static void thaw(GuestAgent agent) throws InterruptedException {
    long begun = System.nanoTime();
    boolean answered = false;
    while (age(begun).compareTo(answered ? SETTLES : LONGEST) < 0) {
      try {
        agent.thaw();
        answered = true;
      } catch (SendenseException e) {
        // The agent, or libvirt, does not answer yet.
        answered = false;
      }
      Pause.pass(AGAIN);
    }
  }

  private static Duration age(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
