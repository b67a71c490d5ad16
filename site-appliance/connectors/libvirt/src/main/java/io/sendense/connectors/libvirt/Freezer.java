package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets the guest's file systems stand still while an instant is taken, by its agent. It has
 * connections of its own, so that a libvirt that is slow to begin the backup keeps no guest from
 * being thawed, and a {@link ThawGuard} that outlives this process. An owner record stands from
 * before the guest is asked to freeze until it has said that it does not.
 */
final class Freezer implements AutoCloseable {
  /** Of the agent for each answer; libvirt knows only whole seconds. */
  static final Duration ANSWER = Duration.ofSeconds(1);

  /** From asking the guest to freeze; then it is thawed, whatever the capture does. */
  static final Duration LIMIT = Duration.ofMillis(1500);

  /** For an agent that has not said whether its guest stands still, at the end of a capture. */
  private static final Duration LAST = Duration.ofSeconds(10);

  private final LibvirtSourceOptions options;
  private final LibvirtOwned owned;
  private Optional<Thawing> thawing = Optional.empty();
  private Optional<ThawGuard> guard = Optional.empty();

  Freezer(LibvirtSourceOptions options, LibvirtOwned owned) {
    this.options = options;
    this.owned = owned;
  }

  /**
   * How the instant was taken.
   *
   * @param stoodStill the longest that the guest can have stood still; empty where it did not
   * @param why the file systems did not stand still, where that was wanted
   */
  record Outcome(Optional<Duration> stoodStill, Optional<String> why) {
    static Outcome crash(String why) {
      return new Outcome(Optional.empty(), Optional.of(why));
    }
  }

  /**
   * @throws SendenseException SOURCE_SNAPSHOT_FAILED where freezing is required and did not work,
   *     or what {@code instant} throws; the guest was thawed, or is asked to until {@link #close}
   */
  Outcome during(Runnable instant) {
    if (options.freezing() == Freezing.CRASH) {
      instant.run();
      return new Outcome(Optional.empty(), Optional.empty());
    }
    Outcome outcome = frozen(instant);
    if (options.freezing() == Freezing.REQUIRE) {
      outcome.why().ifPresent(Freezer::refuse);
    }
    return outcome;
  }

  private Outcome frozen(Runnable instant) {
    // Of an attempt before, that libvirt refused.
    thawing.ifPresent(before -> leave(before.finish(LAST)));
    thawing = Optional.empty();
    GuestAgent agent = new GuestAgent(options);
    Optional<String> silent = agent.silent();
    if (silent.isPresent()) {
      agent.close();
      return without(instant, silent.get());
    }
    try {
      guard = Optional.of(ThawGuard.start(options));
    } catch (SendenseException e) {
      agent.close();
      return without(
          instant, "nothing would thaw the guest if this process were killed: " + e.getMessage());
    }
    owned.addFrozen();
    guard.get().arm();
    long asked = System.nanoTime();
    Thawing thaw = Thawing.after(LIMIT, agent, owned);
    thawing = Optional.of(thaw);
    try {
      int frozen;
      try {
        frozen = agent.freeze();
      } catch (SendenseException e) {
        thaw.now();
        return without(instant, "the guest's file systems were not frozen: " + e.getMessage());
      }
      if (frozen < 1) {
        thaw.now();
        return without(instant, "the guest has no file system that can be frozen");
      }
      instant.run();
    } catch (RuntimeException | Error e) {
      thaw.now();
      throw e;
    }
    boolean inTime = thaw.now();
    Duration stood = Duration.ofNanos(thaw.ended() - asked);
    if (!inTime) {
      return new Outcome(
          Optional.of(stood),
          Optional.of(
              "the guest was thawed before the instant was taken, which took longer than "
                  + LIMIT.toMillis()
                  + " ms"));
    }
    return thaw.thawed() > 0
        ? new Outcome(Optional.of(stood), Optional.empty())
        : Outcome.crash("the guest did not stand still any more when it was thawed");
  }

  /** Where the guest may still stand still the guard goes on for a while. */
  private void leave(boolean thawed) {
    guard.ifPresent(one -> one.leave(thawed));
    guard = Optional.empty();
  }

  private Outcome without(Runnable instant, String why) {
    if (options.freezing() == Freezing.REQUIRE) {
      refuse(why);
    }
    instant.run();
    return Outcome.crash(why);
  }

  private static void refuse(String why) {
    throw new SendenseException(
        ErrorCode.SOURCE_SNAPSHOT_FAILED,
        "the point would not be consistent: " + why,
        "See that qemu-guest-agent runs in the guest, or capture with --consistency auto.");
  }

  /**
   * Waits a while for an agent that has not yet said that its guest does not stand still.
   *
   * @throws SendenseException DEADLINE_EXCEEDED; the owner record stays, and the next reaping asks
   *     again
   */
  @Override
  public void close() {
    if (thawing.isPresent()) {
      Thawing last = thawing.get();
      thawing = Optional.empty();
      boolean thawed = last.finish(LAST);
      leave(thawed);
      if (!thawed) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            "the guest's agent was asked to freeze and has not answered since, so whether its file"
                + " systems stand still is not known",
            "Look at the guest; the next backup asks it again to thaw.");
      }
    }
  }
}
