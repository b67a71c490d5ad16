package io.sendense.cloud.reporting;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How well a customer was protected in a month. Measured, never taken from settings (design,
 * promise 9).
 *
 * @param machines that are reported now
 * @param protectedMachines of them, covered by a policy
 * @param backupsSucceeded that ended within the month
 * @param successRate percent with one digit, half up; absent where no backup ended
 * @param points that can be restored now
 * @param behind machines whose newest point is older than twice their policy's interval, or that
 *     have none
 */
record ProtectionMonth(
    UUID customerId,
    String customerName,
    String timeZone,
    int machines,
    int protectedMachines,
    long backupsSucceeded,
    long backupsFailed,
    Optional<String> successRate,
    long points,
    long storedBytes,
    List<Behind> behind) {

  /**
   * @param newestPointAt absent where there is none
   */
  record Behind(UUID vmId, String name, long intervalSeconds, Optional<Instant> newestPointAt) {}

  static Optional<String> rate(long succeeded, long failed) {
    long all = Math.addExact(succeeded, failed);
    return all == 0
        ? Optional.empty()
        : Optional.of(
            BigDecimal.valueOf(succeeded)
                .multiply(BigDecimal.valueOf(100))
                .divide(BigDecimal.valueOf(all), 1, RoundingMode.HALF_UP)
                .toPlainString());
  }
}
