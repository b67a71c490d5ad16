package io.sendense.appliance.cli;

import io.sendense.repository.spi.StoreCapabilities;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a validation found, for people and as a document. */
record ValidationText(PrintStream out, String place) {
  void line(Validation.Outcome outcome) {
    out.printf("%-12s %s%n", words(outcome.status()), outcome.check().name());
    if (outcome.status() == Validation.Status.FAILED) {
      out.println("             found: " + outcome.detail());
      out.println("             means: " + outcome.check().meaning());
    }
  }

  void summary(Validation.Report report) {
    StoreCapabilities offers = report.offers();
    StoreSpeed.Figures speed = report.speed();
    out.println();
    out.println("store        " + report.store());
    out.println("locks        " + orNone(words(offers.lockModes())));
    out.println("legal hold   " + (offers.legalHold() ? "yes" : "no"));
    out.println("checksum     " + (offers.backendChecksum() ? "SHA-256, by the store" : "none"));
    out.println("tiers        " + orNone(words(offers.tiers())));
    out.println("objects up to " + Units.bytes(offers.objectBytesMax()));
    out.println(
        "small        put "
            + millis(speed.smallPut().toNanos())
            + ", read "
            + millis(speed.smallRead().toNanos())
            + " (median of "
            + StoreSpeed.Figures.SMALL
            + ", one at a time)");
    out.println(
        "large        put "
            + Units.rate(speed.largePutRate())
            + ", read "
            + Units.rate(speed.largeReadRate())
            + " ("
            + StoreSpeed.Figures.LARGE
            + ", one at a time)");
    if (report.left().objects() > 0) {
      out.println(
          report.left().objects()
              + " small objects are locked ("
              + String.join(", ", words(report.locked()))
              + ") until "
              + report.left().until().map(Object::toString).orElse("their hold is lifted")
              + ". After that, with the same settings:");
      out.println("  ./sendense appliance repository validate --clean '" + place + "'");
    }
    out.println(
        report.count(Validation.Status.PASSED)
            + " passed, "
            + report.count(Validation.Status.FAILED)
            + " failed, "
            + report.count(Validation.Status.NOT_OFFERED)
            + " not offered");
  }

  Map<String, Object> document(Validation.Report report) {
    StoreCapabilities offers = report.offers();
    Map<String, Object> offered = new LinkedHashMap<>();
    offered.put("lockModes", words(offers.lockModes()));
    offered.put("legalHold", offers.legalHold());
    offered.put("backendChecksum", offers.backendChecksum());
    offered.put("tiers", words(offers.tiers()));
    offered.put("objectBytesMax", offers.objectBytesMax());
    Map<String, Object> speed = new LinkedHashMap<>();
    speed.put("smallPutMillis", report.speed().smallPut().toNanos() / 1e6);
    speed.put("smallReadMillis", report.speed().smallRead().toNanos() / 1e6);
    speed.put("largePutBytesPerSecond", report.speed().largePutRate());
    speed.put("largeReadBytesPerSecond", report.speed().largeReadRate());
    Map<String, Object> left = new LinkedHashMap<>();
    left.put("objects", report.left().objects());
    left.put("until", report.left().until().map(Object::toString).orElse(""));
    left.put("place", report.left().objects() > 0 ? place : "");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("store", report.store());
    document.put("offers", offered);
    document.put("measured", speed);
    document.put("checks", report.outcomes().stream().map(ValidationText::check).toList());
    document.put("passed", report.count(Validation.Status.PASSED));
    document.put("failed", report.count(Validation.Status.FAILED));
    document.put("notOffered", report.count(Validation.Status.NOT_OFFERED));
    document.put("left", left);
    return document;
  }

  private static Map<String, Object> check(Validation.Outcome outcome) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", outcome.check().name());
    document.put("status", words(outcome.status()));
    if (outcome.status() == Validation.Status.FAILED) {
      document.put("detail", outcome.detail());
      document.put("meaning", outcome.check().meaning());
    }
    return document;
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static List<String> words(Set<? extends Enum<?>> values) {
    return values.stream().sorted().map(ValidationText::words).toList();
  }

  private static String orNone(List<String> words) {
    return words.isEmpty() ? "none" : String.join(", ", words);
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
