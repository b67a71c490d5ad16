package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ShortTempDir;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NbdkitClientTest {
  private static final NbdClientOptions OPTIONS = NbdClientOptions.defaults();

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  @Test
  void eightThreadsReadTheWholeDiskOverFourConnections() throws Exception {
    // nbdkit's pattern: every aligned 8 bytes hold their own offset, big-endian.
    try (NbdkitServer server = NbdkitServer.start(folder, "pattern", "64M");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS.withConnections(4));
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(export.connections()).isEqualTo(4);
      assertThat(export.sizeBytes()).isEqualTo(64L << 20);
      List<Future<?>> all = new java.util.ArrayList<>();
      for (int reader = 0; reader < 8; reader++) {
        long from = reader * (8L << 20);
        ByteBuffer buffer =
            reader % 2 == 0 ? ByteBuffer.allocateDirect(1 << 20) : ByteBuffer.allocate(1 << 20);
        all.add(readers.submit(() -> checkPattern(export, from, 8 << 20, buffer)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  @Test
  void anyOffsetAndLengthReadsTheRightBytes() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    try (NbdkitServer server = NbdkitServer.start(folder, "pattern", "8M");
        NbdExport export =
            NbdClient.open(server.uri(), OPTIONS.withRequestBytes(64 << 10).withInFlight(3))) {
      for (int i = 0; i < 300; i++) {
        int length = random.nextInt(1, 600_000);
        long offset = random.nextLong((8 << 20) - length);
        checkPattern(export, offset, length, ByteBuffer.allocateDirect(length));
      }
    }
  }

  @Test
  void aReadOutsideTheDiskIsTheCallersFault() {
    try (NbdkitServer server = NbdkitServer.start(folder, "memory", "1M");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      assertThatThrownBy(() -> export.read((1 << 20) - 1, ByteBuffer.allocate(2)))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT));
    }
  }

  @Test
  void whatIsWrittenIsReadAndAllocated() {
    try (NbdkitServer server = NbdkitServer.start(folder, "memory", "16M");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      ByteBuffer data = ByteBuffer.allocateDirect(3 << 20);
      while (data.hasRemaining()) {
        data.putInt(data.position() * 31 + 7);
      }
      export.write(4 << 20, data.flip());
      export.flush();
      export.zero(new BlockRange(5 << 20, 1 << 20));

      ByteBuffer back = ByteBuffer.allocateDirect(3 << 20);
      export.read(4 << 20, back);
      ByteBuffer expected = data.flip();
      for (int i = 1 << 20; i < 2 << 20; i++) {
        expected.put(i, (byte) 0);
      }
      assertThat(back.flip()).isEqualTo(expected);
      assertThat(export.extents("base:allocation", new BlockRange(0, 16 << 20)))
          .containsExactly(
              new Extent(0, 4 << 20, Extent.HOLE | Extent.ZERO),
              new Extent(4 << 20, 1 << 20, 0),
              new Extent(5 << 20, 1 << 20, Extent.HOLE | Extent.ZERO),
              new Extent(6 << 20, 1 << 20, 0),
              new Extent(7 << 20, 9 << 20, Extent.HOLE | Extent.ZERO));
    }
  }

  @Test
  void aServerWithoutStructuredRepliesIsReadWithSimpleOnes() {
    try (NbdkitServer server = NbdkitServer.start(folder, "--no-sr", "pattern", "4M");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      assertThat(export.info().structuredReplies()).isFalse();
      assertThat(export.hasContext("base:allocation")).isFalse();
      checkPattern(export, 0, 4 << 20, ByteBuffer.allocateDirect(1 << 20));
    }
  }

  @Test
  void requestsKeepToTheServersBlockSizes() {
    try (NbdkitServer server =
            NbdkitServer.start(
                folder,
                "--filter=blocksize-policy",
                "pattern",
                "4M",
                "blocksize-minimum=512",
                "blocksize-preferred=4096",
                "blocksize-maximum=65536",
                "blocksize-error-policy=error");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      assertThat(export.info().minimumBlockBytes()).isEqualTo(512);
      assertThat(export.info().maximumBlockBytes()).isEqualTo(65536);
      checkPattern(export, 0, 4 << 20, ByteBuffer.allocateDirect(1 << 20));
      checkPattern(export, 1000, 300_001, ByteBuffer.allocateDirect(300_001));
    }
  }

  @Test
  void aWriteToAReadOnlyExportIsRefusedHere() {
    try (NbdkitServer server = NbdkitServer.start(folder, "-r", "memory", "1M");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      assertThat(export.info().readOnly()).isTrue();
      assertThat(codeOf(() -> export.write(0, ByteBuffer.allocate(1))))
          .isEqualTo(ErrorCode.BAD_ARGUMENT);
    }
  }

  @Test
  void anExportThatTheServerDoesNotHaveIsRefusedByName() {
    try (NbdkitServer server =
        NbdkitServer.start(
            folder,
            "--filter=exportname",
            "memory",
            "1M",
            "exportname-strict=true",
            "exportname=there")) {
      NbdUri missing = NbdUri.unix(server.uri().socket().orElseThrow(), "absent");
      assertThatThrownBy(() -> NbdClient.open(missing, OPTIONS))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_PROTOCOL))
          .hasMessageContaining("absent");
      assertThat(server.process().isAlive()).isTrue();
    }
  }

  @Test
  void aSocketThatNobodyServesIsUnreachable() {
    assertThat(codeOf(() -> NbdClient.open(NbdUri.unix(folder.resolve("no"), ""), OPTIONS)))
        .isEqualTo(ErrorCode.SOURCE_UNREADABLE);
  }

  /** The code that an action fails with; INTERNAL stands for none. */
  static ErrorCode codeOf(Runnable action) {
    try {
      action.run();
      return ErrorCode.INTERNAL;
    } catch (SendenseException e) {
      return e.code();
    }
  }

  static void checkPattern(NbdExport export, long from, int length, ByteBuffer buffer) {
    for (long at = from; at < from + length; at += buffer.capacity()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), from + length - at));
      export.read(at, buffer);
      assertThat(buffer.hasRemaining()).isFalse();
      buffer.flip();
      for (int i = 0; i < buffer.limit(); i++) {
        long position = at + i;
        byte expected = (byte) ((position & ~7L) >>> (8 * (7 - (position & 7))));
        if (buffer.get(i) != expected) {
          throw new AssertionError("wrong byte at " + position);
        }
      }
    }
  }
}
