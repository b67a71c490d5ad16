package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TlsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final NbdClientOptions OPTIONS = NbdClientOptions.defaults();
  private static final int SIZE = 5 << 20;

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  private final MemoryExport disk = MemoryExport.sparse(SIZE, 3);

  @BeforeEach
  void makeCertificates() {
    TlsFolder.make(ours());
  }

  @Test
  void nbdkitIsReadOverTlsWithAClientCertificate() throws IOException {
    try (NbdkitServer server = nbdkit();
        NbdExport export =
            NbdClient.open(uri("localhost", server, ours()), OPTIONS.withConnections(4))) {
      ByteBuffer all = ByteBuffer.allocateDirect(SIZE);
      export.read(0, all);
      assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(disk.content()));
      ByteBuffer heap = ByteBuffer.allocate(SIZE - 17);
      export.read(17, heap);
      assertThat(heap.flip()).isEqualTo(ByteBuffer.wrap(disk.content(), 17, SIZE - 17));
    }
  }

  @Test
  void aKeyInTheOlderFormIsTaken() throws IOException {
    TlsFolder.useOldKeyForm(ours());
    assertThat(ours().resolve("client-key.pem")).content().contains("BEGIN RSA PRIVATE KEY");
    try (NbdkitServer server = nbdkit();
        NbdExport export = NbdClient.open(uri("localhost", server, ours()), OPTIONS)) {
      assertThat(export.sizeBytes()).isEqualTo(SIZE);
    }
  }

  @Test
  void aServerOfAnotherCaIsRefused() throws IOException {
    Path others = TlsFolder.make(folder.resolve("others"));
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(uri("localhost", server, others), OPTIONS),
          ErrorCode.SOURCE_UNREADABLE,
          "TLS");
    }
  }

  @Test
  void aServerUnderAnotherNameIsRefused() throws IOException {
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(uri("elsewhere.example", server, ours()), OPTIONS),
          ErrorCode.SOURCE_UNREADABLE,
          "elsewhere.example");
    }
  }

  @Test
  void aClientWithoutACertificateIsTurnedAwayWithAReason() throws IOException {
    Path onlyCa = Files.createDirectories(folder.resolve("only-ca"));
    Files.copy(ours().resolve("ca-cert.pem"), onlyCa.resolve("ca-cert.pem"));
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(uri("localhost", server, onlyCa), OPTIONS),
          ErrorCode.SOURCE_UNREADABLE,
          "");
    }
  }

  @Test
  void tlsIsNeverTriedWithoutNorPlainWhereTlsIsDemanded() throws IOException {
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(server.uri(), OPTIONS), ErrorCode.SOURCE_PROTOCOL, "demands TLS");
    }
    try (NbdkitServer plain = NbdkitServer.start(folder, "--tls=off", "memory", "1M")) {
      refused(
          () -> NbdClient.open(uri("localhost", plain, ours()), OPTIONS),
          ErrorCode.SOURCE_PROTOCOL,
          "does not offer TLS");
    }
  }

  @Test
  void certificatesThatAreNotThereAreTheCallersFault() throws IOException {
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(uri("localhost", server, folder.resolve("none")), OPTIONS),
          ErrorCode.BAD_ARGUMENT,
          "ca-cert.pem");
    }
  }

  @Test
  void ourServerIsCopiedByNbdcopyOverTls() throws IOException {
    Path copy = folder.resolve("copy.raw");
    try (NbdServer server = ourServer()) {
      ChildProcess.run(
              SOON,
              Peers.require("nbdcopy").toString(),
              uriText("localhost", socket(), ours()),
              copy.toString())
          .orFail();
      assertThat(server.uri("").tls()).isTrue();
    }
    assertThat(Files.readAllBytes(copy)).isEqualTo(disk.content());
  }

  @Test
  void ourServerTurnsAwayPlainClientsAndThoseOfAnotherCa() throws IOException {
    Path others = TlsFolder.make(folder.resolve("others"));
    // The strangers trust our server, but have a certificate of their own CA.
    Files.copy(
        ours().resolve("ca-cert.pem"),
        others.resolve("ca-cert.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (NbdServer server = ourServer()) {
      refused(
          () -> NbdClient.open(NbdUri.unix(socket(), ""), OPTIONS),
          ErrorCode.SOURCE_PROTOCOL,
          "demands TLS");
      refused(
          () -> NbdClient.open(NbdUri.parse(uriText("localhost", socket(), others)), OPTIONS),
          ErrorCode.SOURCE_UNREADABLE,
          "");
      try (NbdExport export =
          NbdClient.open(NbdUri.parse(uriText("localhost", socket(), ours())), OPTIONS)) {
        assertThat(export.sizeBytes()).isEqualTo(server.uri("").tls() ? SIZE : 0);
      }
    }
    RecordingLeakDetector.assertNoLeaks();
  }

  private static void refused(ThrowingCallable action, ErrorCode code, String words) {
    assertThatThrownBy(action)
        .hasMessageContaining(words)
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private Path ours() {
    return folder.resolve("tls");
  }

  private Path socket() {
    return folder.resolve("s.sock");
  }

  private NbdServer ourServer() {
    return NbdServer.start(
        NbdServerOptions.unix(socket()).withCertificates(ours()), Map.of("", disk));
  }

  private NbdkitServer nbdkit() throws IOException {
    Path raw = folder.resolve("disk.raw");
    Files.write(raw, disk.content());
    return NbdkitServer.start(
        folder,
        "--tls=require",
        "--tls-certificates=" + ours(),
        "--tls-verify-peer",
        "-r",
        "file",
        raw.toString());
  }

  private static NbdUri uri(String host, NbdkitServer server, Path certificates) {
    return NbdUri.parse(uriText(host, server.uri().socket().orElseThrow(), certificates));
  }

  private static String uriText(String host, Path socket, Path certificates) {
    return "nbds+unix://" + host + "/?socket=" + socket + "&tls-certificates=" + certificates;
  }
}
