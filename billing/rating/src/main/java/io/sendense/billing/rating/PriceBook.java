package io.sendense.billing.rating;

import io.sendense.domain.Edition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * All prices of one version, per month; a day costs the part that it is of the actual month. Data:
 * read and checked as a whole, see {@code price-book-v1.json}.
 *
 * @param version its name on every invoice
 * @param currency ISO 4217, with two digits after the point
 * @param vmMonth per protected VM by edition; an edition without a price is free
 * @param furtherTargetMonth for each replication target of a VM after the first
 * @param allowanceBytesPerVm stored bytes included with each protected VM, pooled per customer
 * @param gbMonth for each 1,000,000,000 bytes above the allowance
 * @param premiumRetailPerVmMonth premium support, to the customer
 * @param premiumWholesalePerCustomerMonth premium support, to the MSP
 * @param whiteLabelPerCustomerMonth white-label portal, to the MSP
 * @param mspBaseMonth once per MSP
 * @param includedCustomers customers included in the base
 * @param furtherCustomerMonth for each customer beyond these
 */
public record PriceBook(
    String version,
    String currency,
    Map<Edition, Price> vmMonth,
    Price furtherTargetMonth,
    long allowanceBytesPerVm,
    Price gbMonth,
    BigDecimal premiumRetailPerVmMonth,
    BigDecimal premiumWholesalePerCustomerMonth,
    BigDecimal whiteLabelPerCustomerMonth,
    BigDecimal mspBaseMonth,
    int includedCustomers,
    BigDecimal furtherCustomerMonth) {
  public PriceBook {
    vmMonth = Map.copyOf(vmMonth);
  }

  /** Price book version 1 of the design. */
  public static PriceBook v1() {
    try (InputStream in = PriceBook.class.getResourceAsStream("price-book-v1.json")) {
      if (in == null) {
        throw new IllegalStateException("price-book-v1.json is missing from this build");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws IllegalArgumentException that lists everything that is wrong, not only the first
   */
  public static PriceBook parse(String json) {
    return new PriceBookReader(json).read();
  }

  Optional<Price> priceOf(Edition edition) {
    return Optional.ofNullable(vmMonth.get(edition));
  }
}
