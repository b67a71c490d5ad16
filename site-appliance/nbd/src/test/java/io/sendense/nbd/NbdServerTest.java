package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NbdServerTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int SIZE = (24 << 20) + 12_345;

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  private final MemoryExport disk = MemoryExport.sparse(SIZE, 42);

  @AfterEach
  void noBufferIsLost() {
    RecordingLeakDetector.assertNoLeaks();
  }

  @Test
  void nbdinfoSeesAReadOnlyExportOfTheRightSize() {
    String nbdinfo = Peers.require("nbdinfo").toString();
    try (NbdServer server = serve()) {
      String json =
          ChildProcess.run(SOON, nbdinfo, "--json", server.uri("disk").toString())
              .orFail()
              .stdout();
      assertThat(json)
          .contains("\"export-size\": " + SIZE)
          .contains("\"is_read_only\": true")
          .contains("\"can_multi_conn\": true")
          .contains("\"can_df\": true")
          .contains("\"structured\": true")
          .contains("base:allocation");
      String list =
          ChildProcess.run(SOON, nbdinfo, "--list", "--json", server.uri("").toString())
              .orFail()
              .stdout();
      assertThat(list).contains("\"export-name\": \"disk\"");
    }
  }

  @Test
  void aClientIsToldTheLengthOfAReadThatCostsLeast() {
    int odd = (1 << 20) + 5;
    NbdServerOptions options = NbdServerOptions.unix(folder.resolve("preferred.sock"));
    Map<String, ExportSource> exports =
        Map.of("usual", disk, "chunks", new Preferring(1 << 20), "odd", new Preferring(odd));
    try (NbdServer server = NbdServer.start(options, exports)) {
      assertThat(preferred(server, "usual")).isEqualTo(64 << 10);
      assertThat(preferred(server, "chunks")).isEqualTo(1 << 20);
      assertThat(preferred(server, "odd")).isEqualTo(1 << 20);
    }
  }

  private static int preferred(NbdServer server, String name) {
    try (NbdExport export = NbdClient.open(server.uri(name), NbdClientOptions.defaults())) {
      return export.info().preferredBlockBytes();
    }
  }

  private record Preferring(int preferredBytes) implements ExportSource {
    @Override
    public long sizeBytes() {
      return 1 << 20;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      target.position(target.limit());
    }

    @Override
    public List<BlockRange> allocated(BlockRange within) {
      return List.of();
    }
  }

  @Test
  void nbdinfoMapsTheHoles() {
    String nbdinfo = Peers.require("nbdinfo").toString();
    try (NbdServer server = serve()) {
      String map =
          ChildProcess.run(SOON, nbdinfo, "--map", server.uri("disk").toString()).orFail().stdout();
      List<String> seen = map.lines().map(line -> line.strip().replaceAll("\\s+", " ")).toList();
      List<String> expected = new java.util.ArrayList<>();
      long at = 0;
      for (BlockRange data : disk.allocated(new BlockRange(0, SIZE))) {
        if (data.offset() > at) {
          expected.add(at + " " + (data.offset() - at) + " 3 hole,zero");
        }
        expected.add(data.offset() + " " + data.length() + " 0 data");
        at = data.end();
      }
      if (at < SIZE) {
        expected.add(at + " " + (SIZE - at) + " 3 hole,zero");
      }
      assertThat(seen).isEqualTo(expected);
    }
  }

  @Test
  void nbdcopyCopiesTheDiskByteForByte() throws IOException {
    String nbdcopy = Peers.require("nbdcopy").toString();
    Path copy = folder.resolve("copy.raw");
    try (NbdServer server = serve()) {
      ChildProcess.run(SOON, nbdcopy, server.uri("disk").toString(), copy.toString()).orFail();
    }
    assertThat(Files.readAllBytes(copy)).isEqualTo(disk.content());
  }

  @Test
  void qemuImgFindsTheDiskIdentical() throws IOException {
    String qemuImg = Peers.require("qemu-img").toString();
    Path raw = folder.resolve("disk.raw");
    Files.write(raw, disk.content());
    try (NbdServer server = serve()) {
      String said =
          ChildProcess.run(
                  SOON,
                  qemuImg,
                  "compare",
                  "-f",
                  "raw",
                  "-F",
                  "raw",
                  raw.toString(),
                  server.uri("disk").toString())
              .orFail()
              .stdout();
      assertThat(said).contains("Images are identical");
    }
  }

  @Test
  void ourOwnClientReadsItOverTcpAndSeveralConnections() {
    try (NbdServer server =
            NbdServer.start(NbdServerOptions.loopback(0), Map.of("disk", disk, "", disk));
        NbdExport export =
            NbdClient.open(server.uri(""), NbdClientOptions.defaults().withConnections(4))) {
      assertThat(export.connections()).isEqualTo(4);
      ByteBuffer all = ByteBuffer.allocateDirect(SIZE);
      export.read(0, all);
      assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(disk.content()));
      assertThat(NbdClient.list(server.uri(""), SOON)).containsExactly("", "disk");
    }
  }

  @Test
  void aDamagedChunkIsToldToItsReaderAndTheRestIsServed() {
    disk.failingAt(disk.allocated(new BlockRange(1 << 20, 20 << 20)).getFirst().offset());
    try (NbdServer server = serve();
        NbdExport export = NbdClient.open(server.uri("disk"), NbdClientOptions.defaults())) {
      assertThatThrownBy(() -> export.read(0, ByteBuffer.allocate(SIZE)))
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("EIO")
          .hasMessageContaining("Chunk 7 is damaged");
      export.read(0, ByteBuffer.allocate(4096));
    }
  }

  @Test
  void qemuRefusesToWriteToIt() {
    String qemuIo = Peers.require("qemu-io").toString();
    try (NbdServer server = serve()) {
      ChildProcess.Result result =
          ChildProcess.run(
              SOON, qemuIo, "-f", "raw", "-c", "write 0 4k", server.uri("disk").toString());
      assertThat(result.exitCode()).isNotZero();
    }
  }

  @Test
  void moreClientsThanAllowedAreClosedAndTheOthersServed() {
    try (NbdServer server = NbdServer.start(socket().withConnections(2), Map.of("disk", disk));
        NbdExport export =
            NbdClient.open(server.uri("disk"), NbdClientOptions.defaults().withConnections(2))) {
      assertThat(
              NbdkitClientTest.codeOf(
                  () -> NbdClient.open(server.uri("disk"), NbdClientOptions.defaults())))
          .isEqualTo(ErrorCode.SOURCE_UNREADABLE);
      export.read(0, ByteBuffer.allocate(4096));
    }
  }

  @Test
  void aClientThatNeverFinishesTheHandshakeIsClosed() throws IOException {
    try (NbdServer server =
            NbdServer.start(
                socket().withHandshakeDeadline(Duration.ofMillis(200)), Map.of("disk", disk));
        SocketChannel idle = SocketChannel.open(address())) {
      assertThat(server.uri("disk").socket()).isPresent();
      ByteBuffer greeting = ByteBuffer.allocate(100);
      int got = 0;
      while (got >= 0) {
        got = idle.read(greeting);
      }
      assertThat(greeting.position()).isEqualTo(18);
    }
  }

  @Test
  void onlyItsOwnerCanConnectToTheSocketAndItIsGoneAfterwards() throws IOException {
    Path socket = address().getPath();
    try (NbdServer server = serve()) {
      assertThat(server.uri("disk").socket()).contains(socket);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
          .isEqualTo("rw-------");
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void aSocketInUseIsTakenAndAnAbandonedOneReplaced() throws IOException {
    try (NbdServer first = serve()) {
      assertThat(NbdkitClientTest.codeOf(this::serve)).isEqualTo(ErrorCode.PORT_TAKEN);
      assertThat(first.uri("disk").toString()).contains("s.sock");
    }
    try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      crashed.bind(address());
    }
    assertThat(address().getPath()).exists();
    try (NbdServer next = serve();
        NbdExport export = NbdClient.open(next.uri("disk"), NbdClientOptions.defaults())) {
      assertThat(export.sizeBytes()).isEqualTo(SIZE);
    }
    Files.writeString(address().getPath(), "a file");
    assertThat(NbdkitClientTest.codeOf(this::serve)).isEqualTo(ErrorCode.ALREADY_EXISTS);
    assertThat(address().getPath()).content().isEqualTo("a file");
  }

  private UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(folder.resolve("s.sock"));
  }

  private NbdServerOptions socket() {
    return NbdServerOptions.unix(address().getPath());
  }

  private NbdServer serve() {
    return NbdServer.start(socket(), Map.of("disk", disk));
  }
}
