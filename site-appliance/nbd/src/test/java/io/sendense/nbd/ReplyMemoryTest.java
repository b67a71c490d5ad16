package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplyMemoryTest {
  private static final int MIB = 1 << 20;

  private final ReplyMemory memory = new ReplyMemory();

  @AfterEach
  void noBufferIsLost() {
    memory.close();
    RecordingLeakDetector.assertNoLeaks();
  }

  @Test
  void aBufferGivenBackIsTheNextOneOfItsLengthAndEmpty() {
    ByteBuf first = memory.take(MIB);
    first.writeZero(100).skipBytes(40);
    memory.giveBack(first);

    ByteBuf second = memory.take(MIB - 1);

    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).isZero();
    assertThat(second.writableBytes()).isGreaterThanOrEqualTo(MIB);
    memory.giveBack(second);
  }

  @Test
  void aBufferThatAWriteStillHoldsIsNotUsedAgain() {
    ByteBuf held = memory.take(MIB).retain();
    memory.giveBack(held);

    ByteBuf other = memory.take(MIB);

    assertThat(other).isNotSameAs(held);
    assertThat(held.refCnt()).isEqualTo(1);
    held.release();
    memory.giveBack(other);
  }

  @Test
  void whatIsKeptIsBounded() {
    List<ByteBuf> all = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      all.add(memory.take(MIB));
    }
    all.forEach(memory::giveBack);

    assertThat(memory.keptBytes()).isEqualTo(32L * MIB);
    assertThat(all.stream().filter(buffer -> buffer.refCnt() == 0).count()).isEqualTo(48);
  }

  @Test
  void afterItsEndNothingIsKept() {
    ByteBuf late = memory.take(MIB);
    memory.close();
    memory.giveBack(late);

    assertThat(memory.keptBytes()).isZero();
    assertThat(late.refCnt()).isZero();
  }
}
