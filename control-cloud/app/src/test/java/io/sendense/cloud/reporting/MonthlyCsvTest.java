package io.sendense.cloud.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MonthlyCsvTest {
  @Test
  void namesCanNeitherBreakATableNorRunInIt() {
    assertThat(MonthlyCsv.of(List.of(month("=HYPERLINK(1)"), month("Smith, \"Sons\""))))
        .isEqualTo(
            "customer,machines,protected,backups_succeeded,backups_failed,success_percent,points,"
                + "stored_bytes,behind\r\n"
                + "'=HYPERLINK(1),3,2,2,1,66.7,5,1000,0\r\n"
                + "\"Smith, \"\"Sons\"\"\",3,2,2,1,66.7,5,1000,0\r\n");
  }

  @Test
  void aRateIsOfWhatEndedAndOfNothingThereIsNone() {
    assertThat(ProtectionMonth.rate(0, 0)).isEmpty();
    assertThat(ProtectionMonth.rate(2, 1)).contains("66.7");
    assertThat(ProtectionMonth.rate(1999, 1)).contains("100.0");
    assertThat(ProtectionMonth.rate(0, 7)).contains("0.0");
  }

  private static ProtectionMonth month(String name) {
    return new ProtectionMonth(
        new UUID(1, 1), name, "UTC", 3, 2, 2, 1, ProtectionMonth.rate(2, 1), 5, 1000, List.of());
  }
}
