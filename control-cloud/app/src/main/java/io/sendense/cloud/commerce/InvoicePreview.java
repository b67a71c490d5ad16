package io.sendense.cloud.commerce;

import io.sendense.billing.metering.UsageRecordId;
import io.sendense.billing.rating.Rated;
import io.sendense.billing.rating.RatedLine;
import io.sendense.domain.CustomerId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** A preview as openapi.yaml has it; amounts are exact decimals in texts. */
record InvoicePreview(
    String kind,
    Optional<UUID> mspId,
    Optional<UUID> customerId,
    String period,
    String timeZone,
    String currency,
    List<Line> lines,
    String total,
    String priceBook,
    Instant computedAt) {

  record Line(
      String code,
      String description,
      Optional<UUID> customerId,
      Optional<String> customerName,
      String quantity,
      String unit,
      String unitPrice,
      String exactAmount,
      String amount,
      String explanation,
      List<String> recordIds) {}

  static InvoicePreview of(
      Rated rated,
      Optional<UUID> msp,
      Optional<UUID> customer,
      ZoneId zone,
      Names names,
      Instant now) {
    return new InvoicePreview(
        rated.side().name().toLowerCase(Locale.ROOT),
        msp,
        customer,
        rated.period().month().toString(),
        zone.getId(),
        rated.book().currency(),
        rated.lines().stream().map(line -> line(line, rated, names)).toList(),
        rated.total().toPlainString(),
        rated.book().version(),
        now);
  }

  private static Line line(RatedLine line, Rated rated, Names names) {
    Optional<UUID> customer = line.customer().map(CustomerId::value);
    return new Line(
        line.code(),
        line.description(),
        customer,
        customer.map(names::customer),
        line.quantity().shown().toPlainString(),
        line.unit(),
        line.monthlyPrice().toPlainString(),
        line.exact().shown().toPlainString(),
        line.amount().toPlainString(),
        line.quantity().shown().toPlainString()
            + " "
            + line.unit()
            + " x "
            + line.monthlyPrice().toPlainString()
            + " / "
            + rated.period().daysInMonth()
            + " days = "
            + line.exact()
            + (line.explanation().isEmpty() ? "" : "; " + names.readable(line.explanation())),
        line.records().stream().map(UsageRecordId::toString).toList());
  }
}
