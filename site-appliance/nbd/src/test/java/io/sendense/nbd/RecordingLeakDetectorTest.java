package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class RecordingLeakDetectorTest {
  @Test
  void aLostBufferIsSeen() {
    loseABuffer();
    assertThatThrownBy(RecordingLeakDetector::assertNoLeaks).isInstanceOf(AssertionError.class);
    RecordingLeakDetector.forget();
    RecordingLeakDetector.assertNoLeaks();
  }

  private static void loseABuffer() {
    ByteBuf lost = PooledByteBufAllocator.DEFAULT.directBuffer(64);
    lost.writeInt(1);
  }
}
