package io.sendense.appliance.cli;

import io.sendense.repository.format.PointId;
import io.sendense.repository.format.VerifyReport;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What is wrong in a repository, as documents and lines. */
final class Findings {
  private Findings() {}

  static Map<String, Object> document(VerifyReport.Finding finding) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("kind", finding.kind().name().toLowerCase(Locale.ROOT));
    document.put("object", finding.object());
    document.put("detail", finding.detail());
    document.put("point", finding.point().map(PointId::toString).orElse(""));
    document.put("disk", finding.disk().orElse(""));
    finding
        .range()
        .ifPresent(
            range -> {
              document.put("offset", range.offset());
              document.put("length", range.length());
            });
    return document;
  }

  static String line(VerifyReport.Finding finding) {
    return finding.kind().name().toLowerCase(Locale.ROOT)
        + " "
        + finding.object()
        + ": "
        + finding.detail()
        + finding.point().map(point -> "; point " + point).orElse("")
        + finding.disk().map(disk -> ", disk " + disk).orElse("")
        + finding
            .range()
            .map(range -> ", bytes " + range.offset() + " to " + range.end())
            .orElse("");
  }
}
