package io.sendense.cloud.protection;

import io.sendense.cloud.db.protection.tables.records.PolicyRecord;
import io.sendense.protocol.Immutability;
import io.sendense.protocol.Retention;
import java.util.Locale;
import java.util.Optional;

/** What a policy says beyond its interval, as it is kept, for appliances and for people. */
final class PolicyTerms {
  private PolicyTerms() {}

  record RetentionView(
      int keepLast,
      int keepHourly,
      int keepDaily,
      int keepWeekly,
      int keepMonthly,
      int keepYearly,
      String timeZone) {}

  record ImmutabilityView(String mode, int days) {}

  /** Empty where only the newest are counted: every appliance knows that form. */
  static Optional<Retention> retention(PolicyRecord row) {
    int byCalendar =
        row.getKeepHourly()
            + row.getKeepDaily()
            + row.getKeepWeekly()
            + row.getKeepMonthly()
            + row.getKeepYearly();
    return byCalendar == 0
        ? Optional.empty()
        : Optional.of(
            new Retention(
                row.getKeepLast(),
                row.getKeepHourly(),
                row.getKeepDaily(),
                row.getKeepWeekly(),
                row.getKeepMonthly(),
                row.getKeepYearly(),
                row.getTimeZone()));
  }

  static Optional<Immutability> immutability(PolicyRecord row) {
    return Optional.ofNullable(row.getLockMode())
        .map(
            mode ->
                new Immutability(
                    Immutability.Mode.valueOf(mode.toUpperCase(Locale.ROOT)), row.getLockDays()));
  }

  static RetentionView view(PolicyRecord row) {
    return new RetentionView(
        row.getKeepLast(),
        row.getKeepHourly(),
        row.getKeepDaily(),
        row.getKeepWeekly(),
        row.getKeepMonthly(),
        row.getKeepYearly(),
        row.getTimeZone());
  }

  static Optional<ImmutabilityView> lockView(PolicyRecord row) {
    return Optional.ofNullable(row.getLockMode())
        .map(mode -> new ImmutabilityView(mode, row.getLockDays()));
  }
}
