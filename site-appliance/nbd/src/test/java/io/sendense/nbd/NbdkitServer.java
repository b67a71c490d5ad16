package io.sendense.nbd;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** nbdkit as a child on a Unix socket of its own. */
record NbdkitServer(ChildProcess process, NbdUri uri) implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  static NbdkitServer start(Path folder, String... arguments) {
    Path socket = folder.resolve("nbdkit.sock");
    List<String> command =
        new ArrayList<>(List.of(Peers.require("nbdkit").toString(), "-f", "-U", socket.toString()));
    command.addAll(List.of(arguments));
    ChildProcess process = ChildProcess.start(command);
    try {
      process.awaitFile(socket, START);
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
    return new NbdkitServer(process, NbdUri.unix(socket, ""));
  }

  @Override
  public void close() {
    process.close();
  }
}
