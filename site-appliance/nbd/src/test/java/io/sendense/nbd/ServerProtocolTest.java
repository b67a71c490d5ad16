package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server's decoders with bytes as they may come: one at a time, all at once, or wrong. */
class ServerProtocolTest {
  private static final int SIZE = 40_000;
  private static final int ACK_BYTES = 20;

  private final MemoryExport disk = diskWithAHole();

  @AfterEach
  void noBufferIsLost() {
    RecordingLeakDetector.assertNoLeaks();
  }

  @Test
  void everySplitOfASessionGetsTheSameAnswer() {
    ByteBuf session =
        Unpooled.wrappedBuffer(
            flags(3),
            option(Nbd.OPT_LIST, Unpooled.EMPTY_BUFFER),
            option(Nbd.OPT_STRUCTURED_REPLY, Unpooled.EMPTY_BUFFER),
            option(Nbd.OPT_SET_META_CONTEXT, contexts("disk", Nbd.BASE_ALLOCATION)),
            option(Nbd.OPT_GO, info("disk")),
            request(Nbd.CMD_BLOCK_STATUS, 0, SIZE),
            request(Nbd.CMD_READ, 100, 30_000),
            request(Nbd.CMD_READ, 20_000, 20_000));
    byte[] bytes = bytes(session);
    byte[] whole = answers(bytes, bytes.length);
    assertThat(whole.length).isGreaterThan(30_000);
    for (int piece : new int[] {1, 2, 3, 7, 27, 29}) {
      assertThat(answers(bytes, piece)).isEqualTo(whole);
    }
  }

  @Property(tries = 500)
  void garbageNeverEscapesAsAnException(@ForAll Random random) {
    EmbeddedChannel channel = channel();
    byte[] garbage = new byte[random.nextInt(400)];
    random.nextBytes(garbage);
    if (random.nextBoolean()) {
      feed(channel, bytes(flags(3)));
    }
    feed(channel, garbage);
    channel.checkException();
    channel.finishAndReleaseAll();
  }

  @Property(tries = 500)
  void damagedSessionsNeverEscapeAsAnException(@ForAll Random random) {
    byte[] session =
        bytes(
            Unpooled.wrappedBuffer(
                flags(3),
                option(Nbd.OPT_STRUCTURED_REPLY, Unpooled.EMPTY_BUFFER),
                option(Nbd.OPT_LIST_META_CONTEXT, contexts("disk", "base:")),
                option(Nbd.OPT_SET_META_CONTEXT, contexts("disk", Nbd.BASE_ALLOCATION)),
                option(Nbd.OPT_INFO, info("disk")),
                option(Nbd.OPT_GO, info("disk")),
                request(Nbd.CMD_READ, 0, 4096),
                request(Nbd.CMD_BLOCK_STATUS, 0, 4096)));
    for (int i = 0; i <= random.nextInt(3); i++) {
      session[random.nextInt(session.length)] = (byte) random.nextInt();
    }
    EmbeddedChannel channel = channel();
    feed(channel, session);
    channel.checkException();
    channel.finishAndReleaseAll();
  }

  @Test
  void anOptionLongerThanTheBoundEndsTheConnection() {
    EmbeddedChannel channel = channel();
    feed(channel, bytes(flags(3)));
    ByteBuf header = Unpooled.buffer().writeLong(Nbd.OPTION_MAGIC).writeInt(Nbd.OPT_GO);
    feed(channel, bytes(header.writeInt(ServerHandshake.MAX_OPTION_BYTES + 1)));
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void clearTextBehindTheWishForTlsEndsTheConnection() {
    EmbeddedChannel channel = channel();
    byte[] wish = bytes(option(Nbd.OPT_STARTTLS, Unpooled.EMPTY_BUFFER));
    byte[] injected = bytes(option(Nbd.OPT_LIST, Unpooled.EMPTY_BUFFER));
    byte[] both = Arrays.copyOf(wish, wish.length + injected.length);
    System.arraycopy(injected, 0, both, wish.length, injected.length);
    feed(channel, bytes(flags(3)));
    feed(channel, both);
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void requestsThatCannotBeServedGetAnErrorAndTheConnectionGoesOn() {
    EmbeddedChannel channel = inTransmission();
    assertThat(errorOf(channel, request(Nbd.CMD_READ, SIZE - 1, 2))).isEqualTo(Nbd.EINVAL);
    assertThat(errorOf(channel, request(Nbd.CMD_READ, -1, 2))).isEqualTo(Nbd.EINVAL);
    assertThat(errorOf(channel, request(Nbd.CMD_READ, 0, 0))).isEqualTo(Nbd.EINVAL);
    assertThat(errorOf(channel, request(Nbd.CMD_READ, 0, (32 << 20) + 1))).isEqualTo(Nbd.EINVAL);
    assertThat(errorOf(channel, request(Nbd.CMD_READ, 0, -1))).isEqualTo(Nbd.EINVAL);
    assertThat(errorOf(channel, request(Nbd.CMD_TRIM, 0, 10))).isEqualTo(Nbd.EPERM);
    assertThat(errorOf(channel, request(Nbd.CMD_BLOCK_STATUS, 0, 10))).isEqualTo(Nbd.EINVAL);
    assertThat(errorOf(channel, request(77, 0, 10))).isEqualTo(Nbd.EINVAL);
    assertThat(channel.isOpen()).isTrue();
    channel.finishAndReleaseAll();
  }

  @Test
  void aRefusedWritesPayloadIsSkipped() {
    EmbeddedChannel channel = inTransmission();
    ByteBuf write = request(Nbd.CMD_WRITE, 0, 5000);
    assertThat(errorOf(channel, write)).isEqualTo(Nbd.EPERM);
    feed(channel, new byte[3000]);
    feed(channel, new byte[2000]);
    assertThat(errorOf(channel, request(Nbd.CMD_READ, 0, 0))).isEqualTo(Nbd.EINVAL);
    channel.finishAndReleaseAll();
  }

  @Test
  void goodbyeClosesTheConnection() {
    EmbeddedChannel channel = inTransmission();
    feed(channel, bytes(request(Nbd.CMD_DISC, 0, 0)));
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  private static MemoryExport diskWithAHole() {
    byte[] content = new byte[SIZE];
    new Random(11).nextBytes(content);
    Arrays.fill(content, 3 * MemoryExport.BLOCK, 5 * MemoryExport.BLOCK, (byte) 0);
    return new MemoryExport(content);
  }

  private EmbeddedChannel channel() {
    ServerContext context =
        new ServerContext(
            NbdServerOptions.loopback(0),
            Map.of("disk", disk),
            new ServerTls(Optional.empty()),
            Runnable::run,
            new ReplyMemory());
    EmbeddedChannel channel = new EmbeddedChannel(new ServerHandshake(context));
    assertThat(drain(channel)).hasSize(18);
    return channel;
  }

  private EmbeddedChannel inTransmission() {
    EmbeddedChannel channel = channel();
    feed(channel, bytes(flags(3)));
    feed(channel, bytes(option(Nbd.OPT_GO, info("disk"))));
    assertThat(drain(channel)).hasSize(3 * ACK_BYTES + 12 + 14);
    return channel;
  }

  private static int errorOf(EmbeddedChannel channel, ByteBuf request) {
    feed(channel, bytes(request));
    byte[] reply = drain(channel);
    assertThat(reply).hasSize(Nbd.SIMPLE_REPLY_BYTES);
    ByteBuf in = Unpooled.wrappedBuffer(reply);
    assertThat(in.readInt()).isEqualTo(Nbd.SIMPLE_REPLY_MAGIC);
    return in.readInt();
  }

  private byte[] answers(byte[] session, int piece) {
    EmbeddedChannel channel = channel();
    for (int at = 0; at < session.length; at += piece) {
      feed(channel, Arrays.copyOfRange(session, at, Math.min(session.length, at + piece)));
    }
    byte[] all = drain(channel);
    channel.finishAndReleaseAll();
    return all;
  }

  private static void feed(EmbeddedChannel channel, byte[] bytes) {
    if (channel.isOpen()) {
      channel.writeInbound(channel.alloc().buffer(Math.max(1, bytes.length)).writeBytes(bytes));
      channel.runPendingTasks();
    }
  }

  private static byte[] drain(EmbeddedChannel channel) {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      all.writeBytes(out);
      out.release();
    }
    return bytes(all);
  }

  private static byte[] bytes(ByteBuf from) {
    byte[] bytes = new byte[from.readableBytes()];
    from.readBytes(bytes).release();
    return bytes;
  }

  private static ByteBuf flags(int flags) {
    return Unpooled.buffer(4).writeInt(flags);
  }

  private static ByteBuf option(int option, ByteBuf data) {
    ByteBuf out = Unpooled.buffer().writeLong(Nbd.OPTION_MAGIC).writeInt(option);
    return out.writeInt(data.readableBytes()).writeBytes(data);
  }

  private static ByteBuf info(String name) {
    return string(Unpooled.buffer(), name).writeShort(0);
  }

  private static ByteBuf contexts(String name, String query) {
    return string(string(Unpooled.buffer(), name).writeInt(1), query);
  }

  private static ByteBuf string(ByteBuf out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return out.writeInt(utf8.length).writeBytes(utf8);
  }

  private static ByteBuf request(int type, long offset, int length) {
    ByteBuf out = Unpooled.buffer().writeInt(Nbd.REQUEST_MAGIC).writeShort(0).writeShort(type);
    return out.writeLong(99).writeLong(offset).writeInt(length);
  }
}
