package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ShortTempDir;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client that never hangs, never believes a length and always says what was wrong. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HostileServerTest {
  private static final NbdClientOptions OPTIONS =
      NbdClientOptions.defaults()
          .withConnections(1)
          .withConnectDeadline(Duration.ofMillis(500))
          .withRequestDeadline(Duration.ofMillis(500));

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  /** What the server does with its one client. */
  private interface Script {
    void play(DataInputStream in, DataOutputStream out) throws Exception;
  }

  @Test
  void somethingElseThanNbdIsRefused() throws Exception {
    failsToOpen(
        (in, out) -> out.writeBytes("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
        ErrorCode.SOURCE_PROTOCOL,
        "something else than a newstyle NBD server");
  }

  @Test
  void aServerThatSaysNothingRunsIntoTheDeadline() throws Exception {
    failsToOpen((in, out) -> in.read(), ErrorCode.DEADLINE_EXCEEDED, "finish the handshake");
  }

  @Test
  void aServerThatHangsUpIsUnreadable() throws Exception {
    failsToOpen((in, out) -> greet(in, out), ErrorCode.SOURCE_UNREADABLE, "in the handshake");
  }

  @Test
  void aHugeOptionReplyIsNotRead() throws Exception {
    failsToOpen(
        (in, out) -> {
          greet(in, out);
          optionReply(out, Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ACK, 0x7fff_ffff);
          in.read(new byte[4096]);
          in.read();
        },
        ErrorCode.SOURCE_PROTOCOL,
        "2147483647 bytes");
  }

  @Test
  void endlessOptionRepliesAreCutOff() throws Exception {
    failsToOpen(
        (in, out) -> {
          greet(in, out);
          optionReply(out, Nbd.OPT_STRUCTURED_REPLY, Nbd.REP_ERR_UNSUP, 0);
          while (true) {
            optionReply(out, Nbd.OPT_GO, Nbd.REP_INFO, 2);
            out.writeShort(99);
          }
        },
        ErrorCode.SOURCE_PROTOCOL,
        "more than 10000 replies");
  }

  @Test
  void anExportOfNegativeSizeIsRefused() throws Exception {
    failsToOpen(
        (in, out) -> open(in, out, -5, true), ErrorCode.SOURCE_PROTOCOL, "without a usable size");
  }

  @Test
  void aReplyNobodyAskedForEndsTheConnectionForAll() throws Exception {
    failsToRead(
        (in, out) -> {
          in.readNBytes(Nbd.REQUEST_BYTES);
          out.writeInt(Nbd.SIMPLE_REPLY_MAGIC);
          out.writeInt(0);
          out.writeLong(0x1234_5678);
          in.read();
        },
        ErrorCode.SOURCE_PROTOCOL,
        "not in flight");
  }

  @Test
  void aChunkLargerThanTheReadIsRefused() throws Exception {
    failsToRead(
        (in, out) -> {
          long cookie = cookie(in);
          chunk(out, Nbd.REPLY_OFFSET_DATA, cookie, 1 << 30);
          out.writeLong(0);
          out.write(new byte[8192]);
          in.read();
        },
        ErrorCode.SOURCE_PROTOCOL,
        "outside it");
  }

  @Test
  void aReadAnsweredInPartWithoutAnErrorIsRefused() throws Exception {
    failsToRead(
        (in, out) -> {
          long cookie = cookie(in);
          out.writeInt(Nbd.STRUCTURED_REPLY_MAGIC);
          out.writeShort(Nbd.REPLY_FLAG_DONE);
          out.writeShort(Nbd.REPLY_NONE);
          out.writeLong(cookie);
          out.writeInt(0);
          in.read();
        },
        ErrorCode.SOURCE_PROTOCOL,
        "in part only");
  }

  @Test
  void aServerThatDiesInTheMiddleOfAChunkIsUnreadable() throws Exception {
    failsToRead(
        (in, out) -> {
          chunk(out, Nbd.REPLY_OFFSET_DATA, cookie(in), 8 + 4096);
          out.writeLong(0);
          out.write(new byte[1000]);
        },
        ErrorCode.SOURCE_UNREADABLE,
        "middle of a reply");
  }

  @Test
  void aServerThatStopsInTheMiddleOfAChunkNeverTouchesTheBufferAgain() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    try (Running server =
            serve(
                (in, out) -> {
                  open(in, out, 1 << 20, true);
                  chunk(out, Nbd.REPLY_OFFSET_DATA, cookie(in), 8 + 4096);
                  out.writeLong(0);
                  out.write(new byte[1000]);
                  goOn.await();
                  byte[] rest = new byte[3096];
                  java.util.Arrays.fill(rest, (byte) 7);
                  out.write(rest);
                });
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
      assertThat(NbdkitClientTest.codeOf(() -> export.read(0, buffer)))
          .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      goOn.countDown();
      server.thread().join(5000);
      assertThat(buffer).isEqualTo(ByteBuffer.allocateDirect(4096));
      assertThat(NbdkitClientTest.codeOf(() -> export.read(0, buffer)))
          .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void aServerThatTakesNothingRunsIntoTheDeadline() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (Running server =
            serve(
                (in, out) -> {
                  open(in, out, 1L << 30, false);
                  never.await();
                });
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      ByteBuffer much = ByteBuffer.allocateDirect(64 << 20);
      assertThat(NbdkitClientTest.codeOf(() -> export.write(0, much)))
          .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
      never.countDown();
    }
  }

  private record Running(NbdUri uri, ServerSocketChannel listener, Thread thread)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      listener.close();
      thread.interrupt();
    }
  }

  private void failsToOpen(Script script, ErrorCode code, String words) throws Exception {
    try (Running server = serve(script)) {
      assertThatThrownBy(() -> NbdClient.open(server.uri(), OPTIONS))
          .hasMessageContaining(words)
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
  }

  private void failsToRead(Script script, ErrorCode code, String words) throws Exception {
    try (Running server =
            serve(
                (in, out) -> {
                  open(in, out, 1 << 20, true);
                  script.play(in, out);
                });
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      assertThatThrownBy(() -> export.read(0, ByteBuffer.allocateDirect(4096)))
          .hasMessageContaining(words)
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
  }

  private Running serve(Script script) throws IOException {
    Path socket = folder.resolve("h.sock");
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(socket));
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (SocketChannel client = listener.accept()) {
                    script.play(
                        new DataInputStream(Channels.newInputStream(client)),
                        new DataOutputStream(Channels.newOutputStream(client)));
                  } catch (Exception gone) {
                    // The client has hung up on this server, as it should.
                    listener.isOpen();
                  }
                });
    return new Running(NbdUri.unix(socket, ""), listener, thread);
  }

  private static void greet(DataInputStream in, DataOutputStream out) throws IOException {
    out.writeLong(Nbd.INIT_MAGIC);
    out.writeLong(Nbd.OPTION_MAGIC);
    out.writeShort(3);
    in.readNBytes(4);
  }

  /** Serves the whole handshake. */
  private static void open(DataInputStream in, DataOutputStream out, long size, boolean structured)
      throws IOException {
    greet(in, out);
    while (true) {
      in.readLong();
      int option = in.readInt();
      in.readNBytes(in.readInt());
      if (option == Nbd.OPT_GO) {
        optionReply(out, option, Nbd.REP_INFO, 12);
        out.writeShort(Nbd.INFO_EXPORT);
        out.writeLong(size);
        out.writeShort(Nbd.FLAG_HAS_FLAGS);
      }
      boolean known = option == Nbd.OPT_GO || (structured && option == Nbd.OPT_STRUCTURED_REPLY);
      optionReply(out, option, known ? Nbd.REP_ACK : Nbd.REP_ERR_UNSUP, 0);
      if (option == Nbd.OPT_GO) {
        return;
      }
    }
  }

  private static void optionReply(DataOutputStream out, int option, int type, int length)
      throws IOException {
    out.writeLong(Nbd.OPTION_REPLY_MAGIC);
    out.writeInt(option);
    out.writeInt(type);
    out.writeInt(length);
  }

  private static long cookie(DataInputStream in) throws IOException {
    return ByteBuffer.wrap(in.readNBytes(Nbd.REQUEST_BYTES)).getLong(8);
  }

  private static void chunk(DataOutputStream out, int type, long cookie, int length)
      throws IOException {
    out.writeInt(Nbd.STRUCTURED_REPLY_MAGIC);
    out.writeShort(0);
    out.writeShort(type);
    out.writeLong(cookie);
    out.writeInt(length);
  }
}
