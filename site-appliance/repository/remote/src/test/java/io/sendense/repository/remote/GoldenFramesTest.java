package io.sendense.repository.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.LockState;
import io.sendense.repository.spi.ObjectLock;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import io.sendense.repository.spi.StoredObject;
import io.sendense.repository.spi.TierState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The bytes of version 1, which never change again. */
class GoldenFramesTest {
  private static final ObjectName NAME = new ObjectName("a/b");
  private static final Instant AT = Instant.ofEpochSecond(0x65920080L, 0x1dcd6500);
  private static final ObjectLock LOCK =
      new ObjectLock(LockMode.COMPLIANCE, Instant.ofEpochSecond(0x65920080L));

  private static Map<String, Message> frames() {
    Map<String, Message> all = new LinkedHashMap<>();
    all.put(
        "00000014 01 000000 00000007 534e4453544f5245 0001 0001 0006 636f70696573",
        new Message.Hello(1, 1, "copies"));
    all.put(
        "00000011 02 000000 00000007 0001 0020 0000000004000000 01 03 01 01 05",
        new Message.Welcome(
            1,
            32,
            new StoreCapabilities(
                true,
                Set.of(LockMode.values()),
                true,
                true,
                Set.of(ObjectTier.HOT, ObjectTier.ARCHIVE),
                64 << 20)));
    all.put(
        "00000016 10 000000 00000007 0003 612f62 0000000001000000 02 0000000065920080",
        new Message.Put(NAME, 16 << 20, Optional.of(LOCK)));
    all.put(
        "00000010 11 000000 00000007 0003 612f62 00 0000000000000000 6869",
        new Message.PutSmall(NAME, Optional.empty(), "hi".getBytes(StandardCharsets.US_ASCII)));
    all.put("00000009 12 000000 00000007 0003 612f62 00001000", new Message.Get(NAME, 4096));
    all.put(
        "00000011 13 000000 00000007 0003 612f62 0000000000000010 00001000",
        new Message.Read(NAME, 16, 4096));
    all.put("00000005 14 000000 00000007 0003 612f62", new Message.Named(Wire.STAT, NAME));
    all.put("00000003 15 000000 00000007 0001 61", new Message.Listing("a"));
    all.put("00000005 16 000000 00000007 0003 612f62", new Message.Named(Wire.DELETE, NAME));
    all.put("00000005 17 000000 00000007 0003 612f62", new Message.Named(Wire.SUM, NAME));
    all.put("00000005 18 000000 00000007 0003 612f62", new Message.Named(Wire.LOCK_STATE, NAME));
    all.put(
        "0000000e 19 000000 00000007 0003 612f62 02 0000000065920080",
        new Message.ExtendLock(NAME, LOCK));
    all.put("00000006 1a 000000 00000007 0003 612f62 01", new Message.Hold(NAME, true));
    all.put("00000005 1b 000000 00000007 0003 612f62", new Message.Named(Wire.TIER_STATE, NAME));
    all.put(
        "00000006 1c 000000 00000007 0003 612f62 02", new Message.Move(NAME, ObjectTier.ARCHIVE));
    for (int type : List.of(3, 4, 0x1d, 0x1e, 0x80, 0x81, 0x82, 0x86)) {
      all.put(String.format("00000000 %02x 000000 00000007", type), new Message.Bare(type));
    }
    all.put(
        "00000014 83 000000 00000007 0000000000000002 0000000065920080 1dcd6500",
        new Message.Stored(2, AT));
    all.put("00000008 84 000000 00000007 0000000000000002", new Message.Size(2));
    all.put(
        "0000001b 85 000000 00000007 0001 0003 612f62 0000000000000002 0000000065920080 1dcd6500",
        new Message.Items(List.of(new StoredObject(NAME, 2, AT))));
    all.put("00000000 87 000000 00000007", new Message.SumIs(Optional.empty()));
    all.put(
        "00000020 87 000000 00000007 " + "00".repeat(32),
        new Message.SumIs(Optional.of(new byte[32])));
    all.put(
        "0000000a 88 000000 00000007 02 0000000065920080 01",
        new Message.LockIs(new LockState(Optional.of(LOCK), true)));
    all.put(
        "00000003 89 000000 00000007 02 00 01",
        new Message.TierIs(new TierState(ObjectTier.ARCHIVE, false, true)));
    all.put(
        "00000009 8f 000000 00000007 138a 0003 676f6e 0000", new Message.Failed(5002, "gon", ""));
    return all;
  }

  @Test
  void everyMessageHasItsBytesAndIsReadBack() {
    frames()
        .forEach(
            (hex, message) -> {
              byte[] golden = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
              ByteBuf frame = MessageWriter.frame(UnpooledByteBufAllocator.DEFAULT, 7, message);
              assertThat(ByteBufUtil.hexDump(frame))
                  .as(message.toString())
                  .isEqualTo(ByteBufUtil.hexDump(golden));
              frame.release();
              assertThat(again(golden)).isEqualTo(hex.replace(" ", ""));
            });
  }

  @Test
  void contentIsAFrameToo() {
    ByteBuf frame =
        MessageWriter.data(UnpooledByteBufAllocator.DEFAULT, 7, new byte[] {9, 1, 2, 9}, 1, 2);
    assertThat(ByteBufUtil.hexDump(frame)).isEqualTo("000000022000000000000007" + "0102");
    frame.release();
  }

  @Test
  void aFrameCutShortOrTooLongIsRefused() {
    frames()
        .forEach(
            (hex, message) -> {
              byte[] golden = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
              if (message instanceof Message.PutSmall) {
                return; // Its content goes to the end of the body, whatever that is.
              }
              ByteBuf body = Unpooled.wrappedBuffer(golden).skipBytes(Wire.HEADER_BYTES);
              ByteBuf longer =
                  Unpooled.wrappedBuffer(body.copy(), Unpooled.wrappedBuffer(new byte[1]));
              assertThatThrownBy(() -> MessageReader.read(golden[4] & 0xff, longer))
                  .as(message.toString())
                  .isInstanceOf(BrokenProtocol.class);
              if (body.isReadable()) {
                ByteBuf shorter = body.slice(12, body.readableBytes() - 1);
                assertThatThrownBy(() -> MessageReader.read(golden[4] & 0xff, shorter))
                    .as(message.toString())
                    .isInstanceOf(BrokenProtocol.class);
              }
            });
  }

  @Test
  void noBytesMakeTheReaderFailInAnyOtherWay() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> golden = List.copyOf(frames().keySet());
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes =
          ByteBufUtil.decodeHexDump(golden.get(random.nextInt(golden.size())).replace(" ", ""));
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        again(bytes);
      } catch (BrokenProtocol e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  /** Reads bytes in pieces of one, and writes what was read. */
  private static String again(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    FrameReader reader =
        new FrameReader(
            new FrameReader.Sink() {
              @Override
              public void message(int request, Message message) {
                ByteBuf frame =
                    MessageWriter.frame(UnpooledByteBufAllocator.DEFAULT, request, message);
                hex.append(ByteBufUtil.hexDump(frame));
                frame.release();
              }

              @Override
              public void dataBegins(int request, int length) {}

              @Override
              public void data(int request, ByteBuf in, int length) {
                in.skipBytes(length);
              }

              @Override
              public void dataEnds(int request) {}
            },
            Wire.BODY_BYTES_MAX);
    for (byte one : bytes) {
      reader.read(Unpooled.wrappedBuffer(new byte[] {one}));
    }
    return hex.toString();
  }
}
