package io.sendense.appliance.daemon;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.retention.RetentionPolicy;
import io.sendense.engine.retention.Rule;
import io.sendense.protocol.Immutability;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.Retention;
import io.sendense.repository.format.RepositoryLock;
import io.sendense.repository.spi.LockMode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** What a policy of the cloud means here. */
final class PolicyTerms {
  private PolicyTerms() {}

  /**
   * Empty where everything is kept.
   *
   * @throws SendenseException BAD_ARGUMENT for a time zone that is not known here
   */
  static Optional<RetentionPolicy> retention(ProtectionPolicy policy) {
    if (policy.retention().isPresent()) {
      return Optional.of(calendar(policy.retention().get()));
    }
    return policy.keepLast() == 0
        ? Optional.empty()
        : Optional.of(RetentionPolicy.last(policy.keepLast(), ZoneOffset.UTC));
  }

  private static RetentionPolicy calendar(Retention keep) {
    try {
      return RetentionPolicy.everything(ZoneId.of(keep.zone()))
          .with(Rule.LAST, keep.last())
          .with(Rule.HOURLY, keep.hourly())
          .with(Rule.DAILY, keep.daily())
          .with(Rule.WEEKLY, keep.weekly())
          .with(Rule.MONTHLY, keep.monthly())
          .with(Rule.YEARLY, keep.yearly());
    } catch (DateTimeException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the policy's time zone " + keep.zone() + " is not known here, so nothing is let go",
          "Choose another one in the policy, or update the appliance.",
          e);
    }
  }

  /**
   * Refuses a repository that promises less than the policy demands.
   *
   * @param lock of the repository
   * @throws SendenseException FORBIDDEN
   */
  static void requireLock(ProtectionPolicy policy, Optional<RepositoryLock> lock) {
    Optional<Immutability> demand = policy.immutability();
    if (demand.isEmpty() || lock.filter(given -> suffices(given, demand.get())).isPresent()) {
      return;
    }
    throw new SendenseException(
        ErrorCode.STORE_UNSUPPORTED,
        "the policy demands a repository whose points are locked for at least "
            + demand.get().days()
            + " days in "
            + word(demand.get().mode())
            + " mode; \""
            + policy.repository()
            + "\" "
            + lock.map(
                    given ->
                        "locks them for "
                            + given.days()
                            + " days in "
                            + given.mode().name().toLowerCase(java.util.Locale.ROOT)
                            + " mode")
                .orElse("does not lock them"),
        "Make one with `repository init --lock-mode --lock-days` on a store that locks, and name it"
            + " in the policy.");
  }

  private static boolean suffices(RepositoryLock given, Immutability demand) {
    boolean strong =
        demand.mode() == Immutability.Mode.GOVERNANCE || given.mode() == LockMode.COMPLIANCE;
    return strong && given.days() >= demand.days();
  }

  private static String word(Immutability.Mode mode) {
    return mode.name().toLowerCase(java.util.Locale.ROOT);
  }
}
