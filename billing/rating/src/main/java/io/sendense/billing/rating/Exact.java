package io.sendense.billing.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * An exact number, as a fraction in lowest terms. A thirtieth of a price has no finite decimal
 * form; sums of such parts stay exact until the one rounding of the total.
 */
public final class Exact implements Comparable<Exact> {
  public static final Exact ZERO = of(0);

  private final BigInteger numerator;
  private final BigInteger denominator;

  private Exact(BigInteger numerator, BigInteger denominator) {
    BigInteger common = numerator.gcd(denominator);
    BigInteger sign = BigInteger.valueOf(denominator.signum());
    this.numerator = numerator.divide(common).multiply(sign);
    this.denominator = denominator.divide(common).multiply(sign);
  }

  public static Exact of(long whole) {
    return new Exact(BigInteger.valueOf(whole), BigInteger.ONE);
  }

  public static Exact of(BigInteger whole) {
    return new Exact(whole, BigInteger.ONE);
  }

  public static Exact of(BigDecimal decimal) {
    BigInteger unscaled = decimal.unscaledValue();
    return decimal.scale() >= 0
        ? new Exact(unscaled, BigInteger.TEN.pow(decimal.scale()))
        : new Exact(unscaled.multiply(BigInteger.TEN.pow(-decimal.scale())), BigInteger.ONE);
  }

  public Exact plus(Exact other) {
    return new Exact(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  public Exact minus(Exact other) {
    return plus(new Exact(other.numerator.negate(), other.denominator));
  }

  public Exact times(Exact other) {
    return new Exact(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /**
   * @throws ArithmeticException for zero
   */
  public Exact dividedBy(Exact other) {
    return new Exact(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
  }

  public int signum() {
    return numerator.signum();
  }

  /** Rounded to so many digits after the point; exact where the value has that few. */
  public BigDecimal rounded(int digits, RoundingMode mode) {
    return new BigDecimal(numerator).divide(new BigDecimal(denominator), digits, mode);
  }

  /** For reading: up to ten digits after the point, without trailing zeros. */
  public BigDecimal shown() {
    BigDecimal value = rounded(10, RoundingMode.HALF_UP).stripTrailingZeros();
    return value.scale() < 0 ? value.setScale(0) : value;
  }

  @Override
  public int compareTo(Exact other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Exact exact
        && numerator.equals(exact.numerator)
        && denominator.equals(exact.denominator);
  }

  @Override
  public int hashCode() {
    return 31 * numerator.hashCode() + denominator.hashCode();
  }

  /** As a fraction, {@code 1/3}, or as a whole number. */
  @Override
  public String toString() {
    return denominator.equals(BigInteger.ONE)
        ? numerator.toString()
        : numerator + "/" + denominator;
  }
}
