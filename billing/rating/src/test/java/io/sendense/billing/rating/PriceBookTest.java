package io.sendense.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.Edition;
import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriceBookTest {
  @Test
  void versionOneIsTheDesigns() {
    PriceBook book = PriceBook.v1();
    assertThat(book.version()).isEqualTo("v1");
    assertThat(book.currency()).isEqualTo("USD");
    assertThat(book.priceOf(Edition.BACKUP)).isEqualTo(price("10", "5"));
    assertThat(book.priceOf(Edition.ENTERPRISE)).isEqualTo(price("25", "12.50"));
    assertThat(book.priceOf(Edition.REPLICATION)).isEqualTo(price("100", "50"));
    assertThat(book.priceOf(Edition.TRIAL)).isEmpty();
    assertThat(book.priceOf(Edition.COMMUNITY)).isEmpty();
    assertThat(Optional.of(book.furtherTargetMonth())).isEqualTo(price("25", "12.50"));
    assertThat(book.allowanceBytesPerVm()).isEqualTo(200_000_000_000L);
    assertThat(Optional.of(book.gbMonth())).isEqualTo(price("0.10", "0.05"));
    assertThat(book.premiumRetailPerVmMonth()).isEqualByComparingTo("50");
    assertThat(book.premiumWholesalePerCustomerMonth()).isEqualByComparingTo("50");
    assertThat(book.whiteLabelPerCustomerMonth()).isEqualByComparingTo("100");
    assertThat(book.mspBaseMonth()).isEqualByComparingTo("200");
    assertThat(book.includedCustomers()).isEqualTo(100);
    assertThat(book.furtherCustomerMonth()).isEqualByComparingTo("2");
  }

  @Test
  void everythingThatIsWrongIsListedAtOnce() {
    String json =
        "{\"format\":2,\"version\":\"\",\"currency\":\"USD\",\"vmMonth\":{\"backup\":"
            + "{\"retail\":\"5\",\"wholesale\":\"10\"}},\"freeEditions\":[\"backup\"],"
            + "\"furtherTargetMonth\":{\"retail\":1.5,\"wholesale\":\"-1\"},\"surprise\":1}";
    assertThatThrownBy(() -> PriceBook.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("format is not 1")
        .hasMessageContaining("version is not")
        .hasMessageContaining("vmMonth.backup costs the MSP more")
        .hasMessageContaining("backup is free and has a price")
        .hasMessageContaining("enterprise has no price")
        .hasMessageContaining("furtherTargetMonth.retail is not")
        .hasMessageContaining("furtherTargetMonth.wholesale is not")
        .hasMessageContaining("mspBase.month is missing")
        .hasMessageContaining("unknown member surprise");
  }

  private static Optional<Price> price(String retail, String wholesale) {
    return Optional.of(new Price(new BigDecimal(retail), new BigDecimal(wholesale)));
  }
}
