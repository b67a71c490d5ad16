package io.sendense.cloud.web;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Months in requests, and the half-open ranges of time that they are in a time zone. */
public final class Months {
  private static final Pattern MONTH = Pattern.compile("[0-9]{4}-(0[1-9]|1[0-2])");

  private Months() {}

  /** A month such as {@code 2026-11}; refuses anything else by the field's name. */
  public static YearMonth required(@Nullable String value, String field) {
    Findings findings = new Findings();
    String text = findings.matching(value, field, MONTH, "a month such as 2026-11");
    findings.orRefuse();
    return YearMonth.parse(text);
  }

  /** Its first instant. */
  public static Instant from(YearMonth month, ZoneId zone) {
    return month.atDay(1).atStartOfDay(zone).toInstant();
  }

  /** The first instant after it. */
  public static Instant to(YearMonth month, ZoneId zone) {
    return from(month.plusMonths(1), zone);
  }
}
