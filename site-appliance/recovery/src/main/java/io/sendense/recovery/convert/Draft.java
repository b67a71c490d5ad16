package io.sendense.recovery.convert;

import io.sendense.recovery.convert.Finding.Severity;
import java.util.ArrayList;
import java.util.List;

/** What the inspection of one guest has found so far, and what it would change. */
final class Draft {
  private final List<Finding> findings = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();

  void blocker(String subject, String text) {
    findings.add(new Finding(Severity.BLOCKER, subject, text));
  }

  void warning(String subject, String text) {
    findings.add(new Finding(Severity.WARNING, subject, text));
  }

  void note(String subject, String text) {
    findings.add(new Finding(Severity.NOTE, subject, text));
  }

  void add(Finding finding) {
    findings.add(finding);
  }

  void change(Change change) {
    changes.add(change);
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  List<Change> changes() {
    return List.copyOf(changes);
  }
}
