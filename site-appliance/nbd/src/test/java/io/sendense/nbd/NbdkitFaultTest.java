package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ShortTempDir;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NbdkitFaultTest {
  private static final NbdClientOptions OPTIONS = NbdClientOptions.defaults();

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  @Test
  void anInjectedErrorReachesItsCallerAndTheConnectionGoesOn() {
    try (NbdkitServer server =
            NbdkitServer.start(
                folder,
                "eval",
                "get_size=echo 1048576",
                "pread=if [ $4 -eq 65536 ]; then echo EIO bad sector >&2; exit 1; fi;"
                    + " dd if=/dev/zero bs=$3 count=1 status=none");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS.withConnections(1))) {
      assertThatThrownBy(() -> export.read(65536, ByteBuffer.allocate(4096)))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
                assertThat(e).hasMessageContaining("4096 bytes at offset 65536");
                assertThat(e).hasMessageContaining("EIO");
              });
      export.read(0, ByteBuffer.allocate(4096));
    }
  }

  @Test
  void randomErrorsNeverSpoilOtherReads() {
    try (NbdkitServer server =
            NbdkitServer.start(folder, "--filter=error", "pattern", "16M", "error-pread-rate=0.3");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS)) {
      int failed = 0;
      for (int i = 0; i < 200; i++) {
        try {
          NbdkitClientTest.checkPattern(
              export, i * 65536L, 65536, ByteBuffer.allocateDirect(65536));
        } catch (SendenseException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
          failed++;
        }
      }
      assertThat(failed).isBetween(20, 120);
    }
  }

  @Test
  void aSlowServerHitsTheDeadlineAndALateReplyTouchesNothing() {
    try (NbdkitServer server =
            NbdkitServer.start(folder, "--filter=delay", "pattern", "1M", "rdelay=1000ms");
        NbdExport export =
            NbdClient.open(
                server.uri(),
                OPTIONS.withConnections(1).withRequestDeadline(Duration.ofMillis(1500)));
        NbdExport hasty =
            NbdClient.open(
                server.uri(),
                OPTIONS.withConnections(1).withRequestDeadline(Duration.ofMillis(300)))) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
      assertThatThrownBy(() -> hasty.read(4096, buffer))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
      // Longer than the late reply takes.
      NbdkitClientTest.checkPattern(export, 8192, 4096, ByteBuffer.allocateDirect(4096));
      assertThat(buffer).isEqualTo(ByteBuffer.allocateDirect(4096));
    }
  }

  @Test
  void aKilledServerFailsEveryWaitingReader() throws Exception {
    try (NbdkitServer server =
            NbdkitServer.start(folder, "--filter=delay", "memory", "1M", "rdelay=60");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ErrorCode>> codes = new java.util.ArrayList<>();
      for (int i = 0; i < 6; i++) {
        codes.add(
            readers.submit(
                () -> NbdkitClientTest.codeOf(() -> export.read(0, ByteBuffer.allocate(4096)))));
      }
      Thread.sleep(300);
      server.process().kill();
      for (Future<ErrorCode> code : codes) {
        assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
      }
      assertThat(NbdkitClientTest.codeOf(() -> export.read(0, ByteBuffer.allocate(1))))
          .isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    }
  }

  @Test
  void closingTheExportFailsEveryWaitingReader() throws Exception {
    try (NbdkitServer server =
            NbdkitServer.start(folder, "--filter=delay", "memory", "1M", "rdelay=60");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ErrorCode> waiting =
          readers.submit(
              () -> NbdkitClientTest.codeOf(() -> export.read(0, ByteBuffer.allocate(4096))));
      Thread.sleep(200);
      Runnable close = export::close;
      close.run();
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    }
  }

  @Test
  void anInterruptedReaderIsCancelledAndOthersGoOn() throws Exception {
    try (NbdkitServer server =
            NbdkitServer.start(folder, "--filter=delay", "pattern", "1M", "rdelay=1000ms");
        NbdExport export = NbdClient.open(server.uri(), OPTIONS.withConnections(1));
        ExecutorService readers = Executors.newCachedThreadPool()) {
      Future<ErrorCode> other =
          readers.submit(
              () -> NbdkitClientTest.codeOf(() -> export.read(0, ByteBuffer.allocate(4096))));
      Future<ErrorCode> interrupted =
          readers.submit(
              () -> {
                Thread me = Thread.currentThread();
                Thread.ofVirtual()
                    .start(
                        () -> {
                          nap(300);
                          me.interrupt();
                        });
                return NbdkitClientTest.codeOf(() -> export.read(4096, ByteBuffer.allocate(4096)));
              });
      assertThat(interrupted.get()).isEqualTo(ErrorCode.CANCELLED);
      assertThat(other.get()).isEqualTo(ErrorCode.INTERNAL);
    }
  }

  private static void nap(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
