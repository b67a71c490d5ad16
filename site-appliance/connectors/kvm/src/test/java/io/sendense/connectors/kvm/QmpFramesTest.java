package io.sendense.connectors.kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.SendenseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class QmpFramesTest {
  private static QmpFrames frames(String text, int max) {
    return new QmpFrames(
        JsonMapper.shared(), new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), max);
  }

  @Test
  void oneObjectPerLineWhateverTheLineEnd() throws IOException {
    QmpFrames frames = frames("{\"a\":1}\r\n\n{\"b\":2}\n", 100);
    assertThat(frames.next().orElseThrow().path("a").asInt()).isEqualTo(1);
    assertThat(frames.next().orElseThrow().path("b").asInt()).isEqualTo(2);
    assertThat(frames.next()).isEmpty();
  }

  @Test
  void aLineOverTheBoundIsRefused() {
    assertThatThrownBy(() -> frames("{\"a\":\"" + "x".repeat(100) + "\"}\n", 50).next())
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("longer than 50 bytes");
  }

  @Test
  void aCutOffLineIsRefused() {
    assertThatThrownBy(() -> frames("{\"a\":", 50).next()).hasMessageContaining("in the middle");
  }

  @Test
  void whatIsNotAnObjectIsRefused() {
    for (String text : new String[] {"220 smtp ready\n", "[1]\n", "{\"a\":}\n", "null\n"}) {
      assertThatThrownBy(() -> frames(text, 50).next()).isInstanceOf(SendenseException.class);
    }
  }
}
