package io.sendense.appliance.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecoveryCodeTest {
  /** Never changed: printed sheets are in safes. */
  @Test
  void theCodeOfCountingBytesIsTheGoldenOne() {
    byte[] secret = new byte[32];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) (i * 8 + 3);
    }

    assertThat(RecoveryCode.lines(secret))
        .containsExactly(
            "0C5H-66S3-5CSK-QRW4",
            "8D5N-6PV3-DDSQ-Q50P",
            "GE5S-76X3-NESV-QWM5",
            "RF5X-7PZ3-XFSZ-Q7NY");
  }

  @Test
  void whatIsPrintedIsReadBackHoweverItIsTyped() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      byte[] secret = new byte[32];
      random.nextBytes(secret);
      List<String> lines = RecoveryCode.lines(secret);

      assertThat(RecoveryCode.parse(String.join("\n", lines))).isEqualTo(secret);
      String sloppy = String.join("", lines).toLowerCase(java.util.Locale.ROOT).replace("-", " ");
      assertThat(RecoveryCode.parse(sloppy.replace('0', 'o').replace('1', 'l'))).isEqualTo(secret);
    }
  }

  @Test
  void aSlipIsFoundInItsLine() {
    List<String> lines = RecoveryCode.lines(new byte[32]);
    for (int line = 0; line < 4; line++) {
      for (int at = 0; at < lines.get(line).length(); at++) {
        if (lines.get(line).charAt(at) == '-') {
          continue;
        }
        StringBuilder slipped = new StringBuilder(lines.get(line));
        slipped.setCharAt(at, slipped.charAt(at) == '7' ? '8' : '7');
        List<String> typed = new java.util.ArrayList<>(lines);
        typed.set(line, slipped.toString());

        refused(String.join("\n", typed), "line " + (line + 1) + " has a slip");
      }
    }
  }

  @Test
  void linesInTheWrongOrderAMissingLineAndAnOddLetterAreSaid() {
    byte[] secret = new byte[32];
    new SplittableRandom(2).nextBytes(secret);
    List<String> lines = RecoveryCode.lines(secret);

    refused(String.join("", lines.get(1), lines.get(0), lines.get(2), lines.get(3)), "line 1");
    refused(String.join("", lines.subList(0, 3)), "48 characters instead of 64");
    refused("U" + String.join("", lines).replace("-", "").substring(1), "line 1 holds a character");
  }

  private static void refused(String typed, String words) {
    assertThatThrownBy(() -> RecoveryCode.parse(typed))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT))
        .hasMessageContaining(words);
  }
}
