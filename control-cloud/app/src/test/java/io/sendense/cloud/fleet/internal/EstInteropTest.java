package io.sendense.cloud.fleet.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests of docs/protocol/control-link.md, "By hand", sent with openssl and curl. */
@Tag("server")
final class EstInteropTest {
  @TempDir Path folder;
  private LinkFixture cloud;

  @BeforeEach
  void start() {
    Peers.require("openssl");
    Peers.require("curl");
    cloud = new LinkFixture(folder);
  }

  @AfterEach
  void stop() {
    if (cloud != null) {
      cloud.close();
    }
  }

  @Test
  void opensslAndCurlEnrolRenewAndTakeALease() throws Exception {
    String token = cloud.token(Duration.ofHours(1), false);
    Files.writeString(folder.resolve("token.curl"), "user = \":" + token + "\"\n");
    request("one");
    sh(
        "curl -sSf --cacert cloud/link-ca.pem -K token.curl -H 'Content-Type: application/pkcs10'"
            + " --data-binary @one.b64 -o one.p7.b64 "
            + cloud.url()
            + "/.well-known/est/simpleenroll");
    certificate("one");
    assertThat(sh("openssl verify -CAfile cloud/link-ca.pem -purpose sslclient one.pem"))
        .contains("one.pem: OK");
    assertThat(sh("openssl x509 -in one.pem -noout -ext subjectAltName"))
        .contains("URI:urn:sendense:appliance:");
    assertThat(cloud.store.count()).isEqualTo(1);

    lease("one");

    request("two");
    sh(
        "curl -sSf --cacert cloud/link-ca.pem --cert one.pem --key one.key"
            + " -H 'Content-Type: application/pkcs10' --data-binary @two.b64 -o two.p7.b64 "
            + cloud.url()
            + "/.well-known/est/simplereenroll");
    certificate("two");
    lease("two");
    assertThat(cloud.store.count()).isEqualTo(1);
  }

  @Test
  void theAuthorityIsServedAsOthersReadIt() throws Exception {
    sh(
        "curl -sSf --cacert cloud/link-ca.pem -o ca.p7.b64 "
            + cloud.url()
            + "/.well-known/est/cacerts");
    certificate("ca");
    assertThat(sh("openssl x509 -in ca.pem -noout -fingerprint -sha256"))
        .isEqualTo(sh("openssl x509 -in cloud/link-ca.pem -noout -fingerprint -sha256"));
  }

  private void request(String name) throws IOException {
    sh(
        "openssl ecparam -name prime256v1 -genkey -noout -out @.key"
            + " && openssl req -new -key @.key -subj /CN=site-one -outform DER -out @.der"
            + " && openssl base64 -in @.der -out @.b64",
        name);
  }

  private void certificate(String name) throws IOException {
    sh(
        "openssl base64 -d -in @.p7.b64 -out @.p7"
            + " && openssl pkcs7 -inform DER -in @.p7 -print_certs -out @.pem",
        name);
  }

  private void lease(String name) throws IOException {
    Files.writeString(
        folder.resolve("lease.json"),
        "{\"format\":\"sendense.lease-request/1\",\"nonce\":\""
            + UUID.randomUUID()
            + "\",\"heldSequence\":"
            + cloud.leases.get()
            + ",\"clock\":\"2026-11-20T12:00:00Z\"}");
    assertThat(
            sh(
                "curl -sSf --cacert cloud/link-ca.pem --cert @.pem --key @.key"
                    + " -H 'Content-Type: application/json' -H 'Sendense-Session: "
                    + UUID.randomUUID()
                    + "' --data-binary @lease.json "
                    + cloud.url()
                    + "/link/v1/lease",
                name))
        .contains("sendense.lease-answer/1");
  }

  private String sh(String script, String name) throws IOException {
    return sh(script.replace("@.", name + "."));
  }

  private String sh(String script) throws IOException {
    try (ChildProcess shell =
        ChildProcess.start(
            List.of("sh", "-c", script), Map.of("LC_ALL", "C"), Optional.of(folder))) {
      int exit = shell.awaitExit(Duration.ofSeconds(60));
      assertThat(exit).as(script + "\n" + shell.stdout() + shell.stderr()).isZero();
      return shell.stdout();
    }
  }
}
