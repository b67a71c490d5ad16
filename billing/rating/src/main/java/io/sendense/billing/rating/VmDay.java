package io.sendense.billing.rating;

import io.sendense.billing.metering.UsageRecordId;
import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.time.LocalDate;
import java.util.List;

/**
 * A VM that was protected on a day.
 *
 * @param edition the highest it had that day
 * @param furtherTargets replication targets beyond the first, the most at any time of the day
 * @param records what says so
 */
record VmDay(
    LocalDate day, VmId vm, Edition edition, int furtherTargets, List<UsageRecordId> records) {
  VmDay {
    records = List.copyOf(records);
  }
}
