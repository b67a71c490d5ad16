package io.sendense.nbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.TlsFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("server")
@ParameterizedClass
@EnumSource(TlsLibrary.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TlsTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final NbdClientOptions OPTIONS = NbdClientOptions.defaults();
  private static final int SIZE = 5 << 20;

  private final TlsLibrary library;

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  private final MemoryExport disk = MemoryExport.sparse(SIZE, 3);

  TlsTest(TlsLibrary library) {
    this.library = library;
  }

  @BeforeEach
  void makeCertificates() {
    TlsFolder.make(ours());
  }

  @Test
  void nbdkitIsReadOverTlsWithAClientCertificate() throws IOException {
    try (NbdkitServer server = nbdkit();
        NbdExport export =
            NbdClient.open(uri("localhost", server, ours()), OPTIONS.withConnections(4), library)) {
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
        NbdExport export = NbdClient.open(uri("localhost", server, ours()), OPTIONS, library)) {
      assertThat(export.sizeBytes()).isEqualTo(SIZE);
    }
  }

  @Test
  void anEdwardsKeyIsTaken() throws IOException {
    TlsFolder.useEdwardsKey(ours());
    try (NbdkitServer server = nbdkit();
        NbdExport export = NbdClient.open(uri("localhost", server, ours()), OPTIONS, library)) {
      assertThat(export.sizeBytes()).isEqualTo(SIZE);
    }
  }

  @Test
  void theNativeLibraryLoadsHereAndCanBeSwitchedOff() {
    assertThat(TlsLibrary.best()).isEqualTo(TlsLibrary.BORINGSSL);
    System.setProperty("sendense.tls.jdk", "true");
    try {
      assertThat(TlsLibrary.best()).isEqualTo(TlsLibrary.JDK);
    } finally {
      System.clearProperty("sendense.tls.jdk");
    }
  }

  @Test
  void writesOfManyRecordsArriveWhole() throws IOException {
    Path raw = folder.resolve("written.raw");
    Files.write(raw, new byte[SIZE]);
    byte[] content = disk.content();
    try (NbdkitServer server = nbdkit("file", raw.toString());
        NbdExport export = NbdClient.open(uri("localhost", server, ours()), OPTIONS, library)) {
      ByteBuffer direct = ByteBuffer.allocateDirect(3 << 20).put(content, 0, 3 << 20).flip();
      export.write(0, direct);
      export.write(3 << 20, ByteBuffer.wrap(content, 3 << 20, SIZE - (3 << 20)));
      export.flush();
    }
    assertThat(Files.readAllBytes(raw)).isEqualTo(content);
  }

  @Test
  void aPeerThatSpeaksOnlyTheOlderVersionIsRead() throws IOException {
    Path raw = folder.resolve("disk.raw");
    Files.write(raw, disk.content());
    List<String> older =
        List.of(
            Peers.require("qemu-nbd").toString(),
            "--object",
            "tls-creds-x509,id=tls,endpoint=server,verify-peer=yes,dir="
                + ours()
                + ",priority=NORMAL:-VERS-ALL:+VERS-TLS1.2",
            "--tls-creds=tls",
            "-t",
            "--shared=4",
            "-r",
            "-f",
            "raw",
            "-k",
            socket().toString(),
            raw.toString());
    try (ChildProcess server = ChildProcess.start(older)) {
      server.awaitFile(socket(), SOON);
      readWhole();
    }
  }

  private void readWhole() {
    try (NbdExport export =
        NbdClient.open(NbdUri.parse(uriText("localhost", socket(), ours())), OPTIONS, library)) {
      ByteBuffer all = ByteBuffer.allocateDirect(SIZE);
      export.read(0, all);
      assertThat(all.flip()).isEqualTo(ByteBuffer.wrap(disk.content()));
    }
  }

  @Test
  void ourClientReadsOurServer() {
    try (NbdServer server = ourServer()) {
      readWhole();
      assertThat(server.uri("").tls()).isTrue();
    }
    RecordingLeakDetector.assertNoLeaks();
  }

  @Test
  void aServerOfAnotherCaIsRefused() throws IOException {
    Path others = TlsFolder.make(folder.resolve("others"));
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(uri("localhost", server, others), OPTIONS, library),
          ErrorCode.SOURCE_UNREADABLE,
          "TLS");
    }
  }

  @Test
  void aServerUnderAnotherNameIsRefused() throws IOException {
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(uri("elsewhere.example", server, ours()), OPTIONS, library),
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
          () -> NbdClient.open(uri("localhost", server, onlyCa), OPTIONS, library),
          ErrorCode.SOURCE_UNREADABLE,
          "");
    }
  }

  @Test
  void tlsIsNeverTriedWithoutNorPlainWhereTlsIsDemanded() throws IOException {
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(server.uri(), OPTIONS, library),
          ErrorCode.SOURCE_PROTOCOL,
          "demands TLS");
    }
    try (NbdkitServer plain = NbdkitServer.start(folder, "--tls=off", "memory", "1M")) {
      refused(
          () -> NbdClient.open(uri("localhost", plain, ours()), OPTIONS, library),
          ErrorCode.SOURCE_PROTOCOL,
          "does not offer TLS");
    }
  }

  @Test
  void certificatesThatAreNotThereAreTheCallersFault() throws IOException {
    try (NbdkitServer server = nbdkit()) {
      refused(
          () -> NbdClient.open(uri("localhost", server, folder.resolve("none")), OPTIONS, library),
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
          () -> NbdClient.open(NbdUri.unix(socket(), ""), OPTIONS, library),
          ErrorCode.SOURCE_PROTOCOL,
          "demands TLS");
      refused(
          () ->
              NbdClient.open(
                  NbdUri.parse(uriText("localhost", socket(), others)), OPTIONS, library),
          ErrorCode.SOURCE_UNREADABLE,
          "");
      try (NbdExport export =
          NbdClient.open(NbdUri.parse(uriText("localhost", socket(), ours())), OPTIONS, library)) {
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
        NbdServerOptions.unix(socket()).withCertificates(ours()), Map.of("", disk), library);
  }

  private NbdkitServer nbdkit() throws IOException {
    Path raw = folder.resolve("disk.raw");
    Files.write(raw, disk.content());
    return nbdkit("-r", "file", raw.toString());
  }

  private NbdkitServer nbdkit(String... plugin) {
    List<String> arguments =
        new ArrayList<>(
            List.of("--tls=require", "--tls-certificates=" + ours(), "--tls-verify-peer"));
    arguments.addAll(List.of(plugin));
    return NbdkitServer.start(folder, arguments.toArray(String[]::new));
  }

  private static NbdUri uri(String host, NbdkitServer server, Path certificates) {
    return NbdUri.parse(uriText(host, server.uri().socket().orElseThrow(), certificates));
  }

  private static String uriText(String host, Path socket, Path certificates) {
    return "nbds+unix://" + host + "/?socket=" + socket + "&tls-certificates=" + certificates;
  }
}
