package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.repository.spi.ObjectHash;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Sha256Test {
  @Test
  void partsOfAnyLengthGiveTheSumOfTheWhole() {
    byte[] data = Fixture.random(new SplittableRandom(5), 300_000);
    for (int part : new int[] {1, 63, 64, 4096, 299_999, 300_000}) {
      int length = part == 1 ? 200 : data.length;
      try (ObjectHash hash = Sha256.begin()) {
        for (int at = 0; at < length; at += part) {
          hash.update(data, at, Math.min(part, length - at));
        }
        assertThat(hash.finish())
            .as("parts of %d", part)
            .isEqualTo(BlobCodec.sha256().digest(Arrays.copyOf(data, length)));
      }
    }
  }

  @Test
  void aClosedOneIsNotUsedAgain() {
    ObjectHash hash = Sha256.begin();
    hash.close();
    hash.close();
    if (LibCryptoCalls.INSTANCE.isPresent()) {
      assertThatThrownBy(hash::finish).isInstanceOf(IllegalStateException.class);
    }
  }
}
