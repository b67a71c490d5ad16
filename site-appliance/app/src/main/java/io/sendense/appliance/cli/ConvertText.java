package io.sendense.appliance.cli;

import io.sendense.recovery.convert.Change;
import io.sendense.recovery.convert.Finding;
import io.sendense.recovery.convert.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report on a guest, for people and as a document. */
final class ConvertText {
  private ConvertText() {}

  static void print(Surroundings surroundings, Report report, boolean applied) {
    surroundings.out().println(report.system() + ", starts from " + report.firmware());
    for (String kernel : report.kernels()) {
      surroundings.out().println("kernel " + kernel);
    }
    for (Finding finding : report.findings()) {
      surroundings
          .out()
          .println(word(finding.severity()) + "  " + finding.subject() + ": " + finding.text());
    }
    for (Change change : report.changes()) {
      surroundings
          .out()
          .println(
              (applied ? "changed" : "change ")
                  + "  "
                  + change.volume()
                  + " "
                  + change.path()
                  + ": "
                  + change.why());
    }
  }

  static Map<String, Object> document(Report report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("ready", report.ready());
    document.put("system", report.system());
    document.put("firmware", report.firmware());
    document.put("kernels", report.kernels());
    document.put("findings", report.findings().stream().map(ConvertText::finding).toList());
    document.put("changes", report.changes().stream().map(ConvertText::change).toList());
    return document;
  }

  private static Map<String, Object> finding(Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    document.put("subject", finding.subject());
    document.put("text", finding.text());
    return document;
  }

  private static Map<String, Object> change(Change change) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", change.kind().name().toLowerCase(Locale.ROOT));
    document.put("volume", change.volume());
    document.put("path", change.path());
    document.put("bytes", change.bytes());
    document.put("why", change.why());
    return document;
  }

  private static String word(Finding.Severity severity) {
    return switch (severity) {
      case BLOCKER -> "BLOCKER";
      case WARNING -> "warning";
      case NOTE -> "note   ";
    };
  }

  static List<String> blockers(Report report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.BLOCKER)
        .map(Finding::text)
        .toList();
  }
}
