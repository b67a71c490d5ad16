package io.sendense.billing.rating;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rounds a total once, half up, and gives its cents to the lines by largest remainder; equal
 * remainders go to the earlier line. Exact amounts are not negative.
 */
final class Allotment {
  private static final int DIGITS = 2;

  private Allotment() {}

  static BigDecimal total(List<RatedLine> lines) {
    return lines.stream()
        .map(RatedLine::exact)
        .reduce(Exact.ZERO, Exact::plus)
        .rounded(DIGITS, RoundingMode.HALF_UP);
  }

  static List<RatedLine> allot(List<RatedLine> lines) {
    List<BigDecimal> shares = new ArrayList<>();
    lines.forEach(line -> shares.add(line.exact().rounded(DIGITS, RoundingMode.FLOOR)));
    BigDecimal floors = shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    int cents = total(lines).subtract(floors).movePointRight(DIGITS).intValueExact();
    Comparator<Integer> byRemainder =
        Comparator.comparing(i -> lines.get(i).exact().minus(Exact.of(shares.get(i))));
    List<Integer> order =
        IntStream.range(0, lines.size()).boxed().sorted(byRemainder.reversed()).toList();
    for (int place : order.subList(0, cents)) {
      shares.set(place, shares.get(place).add(BigDecimal.ONE.movePointLeft(DIGITS)));
    }
    return IntStream.range(0, lines.size())
        .mapToObj(i -> lines.get(i).withAmount(shares.get(i)))
        .toList();
  }
}
