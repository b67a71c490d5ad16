package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.appliance.CliProcess;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.remote.RemoteStoreUrl;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ServeRepositoryTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern URL = Pattern.compile("sendense://[^ \"\\n]+");
  private static final String KEY =
      "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x";

  @TempDir Path folder;

  @BeforeEach
  void makeCertificates() throws IOException {
    openssl(
        "req -x509 " + KEY + " -days 2 -keyout ca.key -out ca.pem",
        "-addext keyUsage=critical,keyCertSign");
    issue("server", "serverAuth", "DNS:localhost");
    issue("site-b", "clientAuth", "DNS:site-b");
    issue("site-c", "clientAuth", "DNS:site-c");
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
      String url = url(server);
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
        ObjectStore store = open(url(again), "site-c")) {
      assertThat(url(again)).endsWith("/kept");
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
      String url = url(server);
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
      refused(() -> RemoteStoreUrl.parse(url, environment("site-b")), ErrorCode.BAD_ARGUMENT);
    }
    assertThat(RemoteStoreUrl.parse("sendense://h/a", environment("site-b")).options().port())
        .isEqualTo(7470);
  }

  private String refusal(Object... arguments) {
    try (ChildProcess process = start(arguments)) {
      assertThat(process.awaitExit(SOON)).isEqualTo(2);
      return process.stderr();
    }
  }

  private ChildProcess serve(Object... arguments) {
    ChildProcess server = start(arguments);
    server.awaitOutput(URL.pattern(), SOON);
    return server;
  }

  private ChildProcess start(Object... arguments) {
    List<Object> all =
        new ArrayList<>(
            List.of(
                "serve-repository",
                "--listen",
                "localhost:0",
                "--cert",
                folder.resolve("server.pem"),
                "--key",
                folder.resolve("server.key"),
                "--trust",
                folder.resolve("ca.pem")));
    all.addAll(Arrays.asList(arguments));
    List<String> command = CliProcess.command(folder, all.toArray());
    // Who serves needs no key of any repository.
    return ChildProcess.start(
        command.subList(0, command.indexOf("--key-file")), Map.of(), Optional.empty());
  }

  private static String url(ChildProcess server) {
    Matcher found = URL.matcher(server.stdout());
    assertThat(found.find()).isTrue();
    return found.group();
  }

  private ObjectStore open(String url, String name) {
    return RemoteStoreUrl.parse(url, environment(name)).open();
  }

  private Map<String, String> environment(String name) {
    return Map.of(
        RemoteStoreUrl.CERTIFICATE,
        folder.resolve(name + ".pem").toString(),
        RemoteStoreUrl.KEY,
        folder.resolve(name + ".key").toString(),
        RemoteStoreUrl.TRUST,
        folder.resolve("ca.pem").toString());
  }

  private void issue(String name, String usage, String alternative) throws IOException {
    openssl(
        "req -new " + KEY + " -keyout " + name + ".key -out " + name + ".csr",
        "-addext extendedKeyUsage=" + usage + " -addext subjectAltName=" + alternative);
    openssl(
        "x509 -req -in " + name + ".csr -out " + name + ".pem -CA ca.pem -CAkey ca.key",
        "-CAcreateserial -days 2 -copy_extensions copy");
    Files.setPosixFilePermissions(
        folder.resolve(name + ".key"), PosixFilePermissions.fromString("rw-------"));
  }

  private void openssl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(Peers.require("openssl").toString()));
    command.addAll(List.of(String.join(" ", arguments).split(" ")));
    try (ChildProcess openssl = ChildProcess.start(command, Map.of(), Optional.of(folder))) {
      int exitCode = openssl.awaitExit(SOON);
      new ChildProcess.Result(exitCode, openssl.stdout(), openssl.stderr()).orFail();
    }
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action, ErrorCode code) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
