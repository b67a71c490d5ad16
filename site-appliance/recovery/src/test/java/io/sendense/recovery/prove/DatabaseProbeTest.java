package io.sendense.recovery.prove;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.Ports;
import io.sendense.testkit.ShortTempDir;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseProbeTest {
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  @TempDir(factory = ShortTempDir.class)
  private Path folder;

  @Test
  @Tag("server")
  void aRealMariaDbTellsItsVersion() throws IOException {
    Path data = folder.resolve("data");
    ChildProcess.run(
            DEADLINE,
            Peers.require("mariadb-install-db").toString(),
            "--no-defaults",
            "--datadir=" + data,
            "--skip-test-db",
            "--user=root")
        .orFail();
    int port = Ports.claim(0, "MariaDB");
    try (ChildProcess server =
        ChildProcess.start(
            Peers.require("mariadbd").toString(),
            "--no-defaults",
            "--user=root",
            "--datadir=" + data,
            "--socket=" + folder.resolve("sql"),
            "--bind-address=127.0.0.1",
            "--port=" + port)) {
      server.awaitPort(port, DEADLINE);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        Finding finding = DatabaseProbe.mysql(socket);
        assertThat(finding.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(finding.detail()).contains("MariaDB");
      }
    }
  }

  @Test
  void aPostgresqlThatIsStillRecoveringIsNotUp() throws IOException {
    Finding finding = postgresql("E\0\0\0@SFATAL\0C57P03\0Mthe database system is starting up\0\0");
    assertThat(finding.verdict()).isEqualTo(Verdict.START_FAILED);
    assertThat(finding.detail()).contains("starting up");
    assertThat(postgresql("R\0\0\0\b\0\0\0\0").verdict()).isEqualTo(Verdict.PASSED);
    assertThat(postgresql("HTTP/1.1 400\r\n").verdict()).isEqualTo(Verdict.TEST_FAILED);
  }

  private static Finding postgresql(String answer) throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket other = server.accept()) {
      other.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      other.shutdownOutput();
      return DatabaseProbe.postgresql(client);
    }
  }
}
