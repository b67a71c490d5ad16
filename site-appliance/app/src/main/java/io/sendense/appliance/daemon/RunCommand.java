package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.Surroundings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the appliance as a service, until SIGTERM or SIGINT. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs the enrolled appliance until it is told to end.")
public final class RunCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(names = "--state", required = true, paramLabel = "DIR", description = "State folder.")
  Path state = Path.of("");

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Machines and repositories (JSON).")
  Path config = Path.of("");

  public RunCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    ApplianceDaemon daemon =
        new ApplianceDaemon(
            DaemonConfig.read(config, surroundings.environment()),
            state,
            surroundings,
            new DaemonLog(surroundings.err(), surroundings.clock()));
    Thread hook = new Thread(daemon::stop, "on-signal");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      daemon.run();
    } finally {
      removeUnlessEnding(hook);
    }
    return 0;
  }

  private static void removeUnlessEnding(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      return; // by the signal that the hook is there for
    }
  }
}
