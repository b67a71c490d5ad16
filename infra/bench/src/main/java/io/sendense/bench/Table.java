package io.sendense.bench;

import io.sendense.bench.Results.Measured;
import io.sendense.bench.Results.RowResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The results as Markdown: a line for each program, and each bar with whether it was reached. */
final class Table {
  private Table() {}

  static String of(Row row, RowResult result) {
    StringBuilder text = new StringBuilder();
    text.append("### ").append(row.title()).append(" (`--only ").append(row.id()).append("`)\n\n");
    text.append(
        "| program | wall s, least / median | user+sys s | peak MiB | "
            + (row.bytes() > 0 ? "GB/s" : "the thing itself")
            + " | runs |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (Measured one : result.contenders()) {
      text.append(line(row, one));
    }
    text.append('\n');
    row.bars().forEach(bar -> text.append("- ").append(judged(row, bar, result)).append('\n'));
    return text.append("\nCommit ")
        .append(result.commit())
        .append(", load before ")
        .append(result.load())
        .append(".\n")
        .toString();
  }

  private static String line(Row row, Measured one) {
    if (!one.absent().isEmpty()) {
      return "| " + one.name() + " | absent: " + one.absent() + " | | | | |\n";
    }
    List<Sample> runs = one.samples();
    double inner = Sample.median(runs, Sample::innerSeconds);
    return String.format(
        Locale.ROOT,
        "| %s | %.2f / %.2f | %.2f | %.0f | %s | %d |%n",
        one.name(),
        Sample.least(runs, Sample::wallSeconds),
        Sample.median(runs, Sample::wallSeconds),
        Sample.median(runs, Sample::cpuSeconds),
        Sample.median(runs, Sample::peakMiB),
        row.bytes() > 0
            ? String.format(Locale.ROOT, "%.2f", row.bytes() / inner / 1e9)
            : String.format(Locale.ROOT, "%.3f s", inner),
        runs.size());
  }

  private static String judged(Row row, Bar bar, RowResult result) {
    Optional<Measured> ours = result.of("sendense");
    return switch (bar) {
      case Bar.Peer peer -> {
        Optional<Measured> other = result.of(peer.name());
        String wanted = String.format(Locale.ROOT, "%.2f x %s", peer.factor(), peer.name());
        yield ours.isEmpty() || other.isEmpty()
            ? wanted + ": not measured"
            : verdict(wanted, ratios(ours.get(), other.get()), peer.factor());
      }
      case Bar.Most most ->
          atMost(result, most.name(), most.shown(), most.seconds(), Sample::innerSeconds);
      case Bar.Memory most ->
          atMost(result, most.name(), most.shown(), most.mebibytes(), Sample::peakMiB);
      case Bar.Rate rate ->
          ours.isEmpty()
              ? rate.shown() + ": not measured"
              : verdict(
                  rate.shown(),
                  List.of(
                      row.bytes()
                          / Sample.median(ours.get().samples(), Sample::innerSeconds)
                          / rate.bytesPerSecond()),
                  1);
    };
  }

  private static String atMost(
      RowResult result, String name, String shown, double most, ToDoubleFunction<Sample> of) {
    return result
        .of(name)
        .map(measured -> Sample.median(measured.samples(), of))
        .map(
            found ->
                String.format(
                    Locale.ROOT,
                    "%s: %.3f, %s",
                    shown,
                    found,
                    found <= most ? "reached" : "**missed**"))
        .orElse(shown + ": not measured");
  }

  /** Of medians and of the least, wall time; then of processor time, which neighbours move less. */
  private static List<Double> ratios(Measured ours, Measured other) {
    List<Double> ratios = new ArrayList<>();
    ratios.add(
        Sample.median(other.samples(), Sample::innerSeconds)
            / Sample.median(ours.samples(), Sample::innerSeconds));
    ratios.add(
        Sample.least(other.samples(), Sample::innerSeconds)
            / Sample.least(ours.samples(), Sample::innerSeconds));
    ratios.add(
        Sample.median(other.samples(), Sample::cpuSeconds)
            / Sample.median(ours.samples(), Sample::cpuSeconds));
    return ratios;
  }

  private static String verdict(String wanted, List<Double> ratios, double factor) {
    StringBuilder text = new StringBuilder("at least ").append(wanted).append(": ");
    text.append(String.format(Locale.ROOT, "%.2f", ratios.getFirst()));
    if (ratios.size() > 1) {
      text.append(
          String.format(
              Locale.ROOT,
              " (least against least %.2f, processor time %.2f)",
              ratios.get(1),
              ratios.get(2)));
    }
    return text.append(ratios.getFirst() >= factor ? ", reached" : ", **missed**").toString();
  }
}
