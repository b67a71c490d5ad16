package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.proof.ProofRecord;
import io.sendense.recovery.proof.Trend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A proof for people and for programs. */
final class ProofText {
  /** Exit code where a required check did not pass: the source's block. */
  static final int FAILED = ErrorCode.GUEST_DAMAGED.exitCode();

  private ProofText() {}

  static String of(Proving.Proved proved) {
    ProofRecord record = proved.record();
    StringBuilder text = new StringBuilder();
    text.append("point ")
        .append(record.point())
        .append(" of ")
        .append(record.vm())
        .append(", taken ")
        .append(record.takenAt())
        .append('\n')
        .append(proved.acceleration())
        .append('\n');
    for (ProofRecord.Made made : record.checks()) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-20s %-19s %8s  %s%s%n",
              made.spec(),
              made.verdict(),
              Units.duration(made.after()),
              made.detail(),
              made.required() ? "" : " (optional)"));
    }
    record
        .recovery()
        .ifPresent(
            time ->
                text.append("recovered in ")
                    .append(Units.duration(time))
                    .append(trend(proved, time))
                    .append('\n'));
    text.append(record.passed() ? "PROVED" : "NOT PROVED")
        .append(": ")
        .append(proved.folder().resolve(Trend.FILE));
    return text.toString();
  }

  private static String trend(Proving.Proved proved, Duration time) {
    return proved
        .trend()
        .median()
        .map(
            median ->
                ", median of the "
                    + proved.trend().earlier().size()
                    + " before: "
                    + Units.duration(median)
                    + String.format(
                        Locale.ROOT,
                        " (%+d %%)",
                        Math.round(100.0 * time.toMillis() / Math.max(1, median.toMillis()) - 100)))
        .orElse("; the first measured");
  }

  static String of(List<ManyProofs.Ended> all) {
    StringBuilder text = new StringBuilder();
    for (ManyProofs.Ended ended : all) {
      text.append(
          ended
              .record()
              .map(ProofText::of)
              .orElseGet(
                  () ->
                      "point "
                          + ended.point().id()
                          + " of "
                          + ended.point().vm()
                          + "\nNOT PROVED: "
                          + why(ended)));
      text.append("\n\n");
    }
    return text.append(all.stream().filter(ManyProofs.Ended::passed).count())
        .append(" of ")
        .append(all.size())
        .append(" points proved")
        .toString();
  }

  private static String why(ManyProofs.Ended ended) {
    return ended.why() instanceof SendenseException why
        ? why.code().id() + " " + why.getMessage() + ". " + why.remedy()
        : "";
  }

  static Map<String, Object> document(List<ManyProofs.Ended> all) {
    List<Object> proofs = new ArrayList<>();
    for (ManyProofs.Ended ended : all) {
      Map<String, Object> failed = new LinkedHashMap<>();
      failed.put("vm", ended.point().vm());
      failed.put("point", ended.point().id().toString());
      failed.put("passed", false);
      failed.put("error", why(ended));
      proofs.add(ended.record().map(ProofText::document).orElse(failed));
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("passed", all.stream().allMatch(ManyProofs.Ended::passed));
    document.put("proofs", proofs);
    return document;
  }

  static Map<String, Object> document(Proving.Proved proved) {
    ProofRecord record = proved.record();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("proof", record.id().toString());
    all.put("vm", record.vm());
    all.put("point", record.point().toString());
    all.put("passed", record.passed());
    all.put("acceleration", record.acceleration());
    record.recovery().ifPresent(time -> all.put("recoverySeconds", seconds(time)));
    List<Object> earlier = new ArrayList<>();
    for (Trend.Measured measured : proved.trend().earlier()) {
      earlier.add(
          Map.of(
              "startedAt",
              measured.startedAt().toString(),
              "recoverySeconds",
              seconds(measured.recovery())));
    }
    all.put("earlier", earlier);
    List<Object> checks = new ArrayList<>();
    for (ProofRecord.Made made : record.checks()) {
      Map<String, Object> check = new LinkedHashMap<>();
      check.put("check", made.spec());
      check.put("required", made.required());
      check.put("verdict", made.verdict());
      check.put("detail", made.detail());
      check.put("afterSeconds", seconds(made.after()));
      checks.add(check);
    }
    all.put("checks", checks);
    all.put("record", proved.folder().resolve(Trend.FILE).toString());
    return all;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
