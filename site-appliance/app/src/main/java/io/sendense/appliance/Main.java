package io.sendense.appliance;

import io.sendense.appliance.cli.Cli;
import io.sendense.appliance.cli.Surroundings;
import io.sendense.repository.format.Repository;

/** Entry point of the appliance's command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    if (arguments.length > 1) {
      Thread.ofPlatform().daemon().name("warm-up").start(Repository::warmUp);
    }
    System.exit(Cli.run(Surroundings.ofThisProcess(), arguments));
  }
}
