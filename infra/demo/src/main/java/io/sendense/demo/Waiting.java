package io.sendense.demo;

import io.sendense.demo.Story.ProofFailed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition on another process, asking again and again until a deadline. */
final class Waiting {
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private Waiting() {}

  /** The first value {@code ask} gives; throws when the deadline passes first. */
  static <T> T until(String what, Duration deadline, Callable<Optional<T>> ask) throws Exception {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      Optional<T> answer = ask.call();
      if (answer.isPresent()) {
        return answer.get();
      }
      if (System.nanoTime() - end >= 0) {
        throw new ProofFailed("waited " + deadline.toSeconds() + " s in vain for " + what);
      }
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }

  /** The tenant's only appliance. */
  static String firstApplianceId(Tenant tenant) throws Exception {
    return tenant
        .mspAdmin()
        .get("/api/v1/appliances")
        .orFail("listing appliances")
        .path("items")
        .path(0)
        .path("id")
        .asString();
  }
}
