package io.sendense.cloud.reporting;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report as RFC 4180 has tables. */
final class MonthlyCsv {
  private static final String HEAD =
      "customer,machines,protected,backups_succeeded,backups_failed,success_percent,points,"
          + "stored_bytes,behind";

  private MonthlyCsv() {}

  static String of(List<ProtectionMonth> months) {
    return Stream.concat(Stream.of(HEAD), months.stream().map(MonthlyCsv::line))
        .map(line -> line + "\r\n")
        .collect(Collectors.joining());
  }

  private static String line(ProtectionMonth month) {
    return Stream.of(
            month.customerName(),
            month.machines(),
            month.protectedMachines(),
            month.backupsSucceeded(),
            month.backupsFailed(),
            month.successRate().orElse(""),
            month.points(),
            month.storedBytes(),
            month.behind().size())
        .map(value -> cell(value.toString()))
        .collect(Collectors.joining(","));
  }

  /** A text that a spreadsheet would take for a formula is kept from being one. */
  private static String cell(String text) {
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
