package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.remote.RemoteStoreUrl;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.testkit.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ServeRepositoryTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;

  private TestPki pki;

  @BeforeEach
  void makeCertificates() {
    pki = new TestPki(folder);
  }

  @Test
  void anotherApplianceKeepsItsObjectsHereAndCannotDestroyThem() throws Exception {
    byte[] content = new byte[20 << 20];
    new SplittableRandom(1).nextBytes(content);
    ObjectName name = new ObjectName("packs/one");
    try (ChildProcess server =
        serve(
            "--repository",
            folder.resolve("kept"),
            "--name",
            "copies",
            "--allow",
            "dns:site-b=read,add",
            "--create")) {
      String url = TestServer.url(server);
      try (ObjectStore store = open(url, "site-b")) {
        store.put(name, content);
        assertThat(store.backendChecksum(name).orElseThrow())
            .isEqualTo(MessageDigest.getInstance("SHA-256").digest(content));
        assertThat(store.get(name, content.length)).isEqualTo(content);
        refused(() -> store.delete(name), ErrorCode.FORBIDDEN);
      }
      refused(() -> open(url, "site-c"), ErrorCode.FORBIDDEN);
      server.kill();
    }
    try (ChildProcess again =
            serve("--repository", folder.resolve("kept"), "--allow", "dns:site-c=read");
        ObjectStore store = open(TestServer.url(again), "site-c")) {
      assertThat(TestServer.url(again)).endsWith("/kept");
      assertThat(store.get(name, content.length)).isEqualTo(content);
    }
  }

  @Test
  void grantsOfAFileGiveEveryPeerItsOwnDirectory() throws IOException {
    Path grants = folder.resolve("grants");
    Files.writeString(
        grants,
        String.join(
            "\n",
            "# who         what    rights    where",
            "dns:site-b    copies  read,add  " + folder.resolve("of-b"),
            "dns:site-c    copies  read,add  " + folder.resolve("of-c")));
    try (ChildProcess server = serve("--grants", grants, "--create", "--json")) {
      String url = TestServer.url(server);
      try (ObjectStore b = open(url, "site-b");
          ObjectStore c = open(url, "site-c")) {
        b.put(new ObjectName("mine"), new byte[1]);
        assertThat(c.list("")).isEmpty();
      }
    }
  }

  @Test
  void whatCannotBeServedIsSaid() throws IOException {
    Path grants = Files.writeString(folder.resolve("short"), "\ndns:site-b copies read\n");
    assertThat(refusal("--repository", folder.resolve("none"), "--allow", "dns:a=read"))
        .contains("SD-1001", "no repository in");
    assertThat(refusal("--repository", folder)).contains("nobody is granted anything");
    assertThat(refusal("--grants", grants)).contains("line 2 of", "IDENTITY NAME RIGHTS DIR");
    assertThat(refusal("--create", "--repository", folder.resolve("x"), "--allow", "a=read"))
        .contains("\"a\" does not name a peer");
    assertThat(refusal("--create", "--repository", folder.resolve("y"), "--allow", "dns:a=own"))
        .contains("\"own\" is not a right");
  }

  @Test
  void aUrlSaysWhatItLacks() {
    refused(() -> RemoteStoreUrl.parse("sendense://host/x", Map.of()), ErrorCode.UNAUTHENTICATED);
    for (String url :
        List.of(
            "sendense:///x", "sendense://h/", "sendense://h/a/b", "sendense://u@h/a", "s3://h/a")) {
      refused(() -> RemoteStoreUrl.parse(url, pki.client("site-b")), ErrorCode.BAD_ARGUMENT);
    }
    assertThat(RemoteStoreUrl.parse("sendense://h/a", pki.client("site-b")).options().port())
        .isEqualTo(7470);
  }

  private String refusal(Object... arguments) {
    try (ChildProcess process = TestServer.start(folder, pki, arguments)) {
      assertThat(process.awaitExit(SOON)).isEqualTo(2);
      return process.stderr();
    }
  }

  private ChildProcess serve(Object... arguments) {
    return TestServer.serve(folder, pki, arguments);
  }

  private ObjectStore open(String url, String name) {
    return RemoteStoreUrl.parse(url, pki.client(name)).open();
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action, ErrorCode code) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
