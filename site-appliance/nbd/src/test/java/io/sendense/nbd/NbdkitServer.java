package io.sendense.nbd;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** nbdkit as a child on a Unix socket of its own. */
record NbdkitServer(ChildProcess process, NbdUri uri) implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  private static final AtomicInteger STARTED = new AtomicInteger();

  static NbdkitServer start(Path folder, String... arguments) {
    // nbdkit writes the pid file when it accepts clients; the socket is there a little earlier.
    int number = STARTED.incrementAndGet();
    Path socket = folder.resolve("nbdkit" + number + ".sock");
    Path ready = folder.resolve("nbdkit" + number + ".pid");
    List<String> command =
        new ArrayList<>(
            List.of(Peers.require("nbdkit").toString(), "-f", "-U", socket + "", "-P", ready + ""));
    command.addAll(List.of(arguments));
    ChildProcess process = ChildProcess.start(command);
    try {
      process.awaitFile(ready, START);
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
