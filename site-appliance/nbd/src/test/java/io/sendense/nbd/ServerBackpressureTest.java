package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.BlockRange;
import io.sendense.testkit.ShortTempDir;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServerBackpressureTest {
  private static final int READ_BYTES = 1 << 20;
  private static final int REQUESTS = 300;

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void aClientThatAsksWithoutListeningHoldsOnlyItsShareOfMemory() throws Exception {
    Path socket = folder.resolve("s.sock");
    NbdServerOptions options = NbdServerOptions.unix(socket);
    int most = (int) (options.inFlightBytes() / READ_BYTES);
    try (NbdServer server = NbdServer.start(options, Map.of("", new CountingExport()));
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      assertThat(server.uri("").socket()).contains(socket);
      DataInputStream in = new DataInputStream(Channels.newInputStream(client));
      handshake(client, in);
      ByteBuffer requests = ByteBuffer.allocate(REQUESTS * Nbd.REQUEST_BYTES);
      for (int i = 0; i < REQUESTS; i++) {
        requests.putInt(Nbd.REQUEST_MAGIC).putInt(Nbd.CMD_READ).putLong(i).putLong(0);
        requests.putInt(READ_BYTES);
      }
      writeAll(client, requests.flip());

      awaitReads(most);
      // Time for a server without a bound to read on.
      Thread.sleep(300);
      // One more whose reply the socket's own buffer may have swallowed.
      assertThat(reads.get()).isBetween(most, most + 1);

      for (int i = 0; i < REQUESTS; i++) {
        assertThat(in.readInt()).isEqualTo(Nbd.SIMPLE_REPLY_MAGIC);
        assertThat(in.readInt()).isZero();
        in.readLong();
        in.skipNBytes(READ_BYTES);
      }
      assertThat(reads.get()).isEqualTo(REQUESTS);
    }
    RecordingLeakDetector.assertNoLeaks();
  }

  private void awaitReads(int count) throws InterruptedException {
    while (reads.get() < count) {
      Thread.sleep(10);
    }
  }

  private static void handshake(SocketChannel client, DataInputStream in) throws IOException {
    in.readNBytes(18);
    ByteBuffer hello = ByteBuffer.allocate(20).putInt(3).putLong(Nbd.OPTION_MAGIC);
    writeAll(client, hello.putInt(Nbd.OPT_EXPORT_NAME).putInt(0).flip());
    in.readNBytes(10);
  }

  private static void writeAll(SocketChannel client, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
  }

  private final class CountingExport implements ExportSource {
    @Override
    public long sizeBytes() {
      return READ_BYTES;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      reads.incrementAndGet();
      target.position(target.limit());
    }

    @Override
    public List<BlockRange> allocated(BlockRange within) {
      return List.of(within);
    }
  }
}
