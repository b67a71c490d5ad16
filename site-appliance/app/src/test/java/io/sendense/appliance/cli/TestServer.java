package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.CliProcess;
import io.sendense.testkit.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve-repository} as a process of its own. */
final class TestServer {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Pattern URL = Pattern.compile("sendense://[^ \"\\n]+");

  private TestServer() {}

  /** Started, and able to be connected to. */
  static ChildProcess serve(Path folder, TestPki pki, Object... arguments) {
    ChildProcess server = start(folder, pki, arguments);
    server.awaitOutput(URL.pattern(), SOON);
    return server;
  }

  /** Started only. */
  static ChildProcess start(Path folder, TestPki pki, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("serve-repository", "--listen", "localhost:0"));
    all.addAll(pki.server());
    all.addAll(Arrays.asList(arguments));
    List<String> command = CliProcess.command(folder, all.toArray());
    // Who serves needs no key of any repository.
    return ChildProcess.start(
        command.subList(0, command.indexOf("--key-file")), Map.of(), Optional.empty());
  }

  static String url(ChildProcess server) {
    Matcher found = URL.matcher(server.stdout());
    assertThat(found.find()).isTrue();
    return found.group();
  }
}
