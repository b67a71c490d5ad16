package io.sendense.appliance.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The process that serves instant recoveries. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the disks of all instant recoveries of a repository until SIGINT or SIGTERM, and lets",
      "guests go on that were held for them. The other commands start it by themselves; run it under a",
      "supervisor where recoveries have to go on after a reboot."
    })
final class InstantServeCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(names = "--until-idle", description = "End when nothing is served any more.")
  boolean untilIdle;

  InstantServeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (OpenPoints open = OpenPoints.open(surroundings, common, repository);
        InstantServer server = InstantServer.start(surroundings, common, open);
        Interrupts _ = Interrupts.onSignal(server::end)) {
      surroundings.out().println("serving instant recoveries of " + open.location());
      surroundings.out().flush();
      server.run(untilIdle);
    }
    return 0;
  }
}
