package io.sendense.appliance;

import io.sendense.appliance.cli.Cli;
import io.sendense.appliance.cli.Surroundings;

/** Entry point of the appliance's command line. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(Cli.run(Surroundings.ofThisProcess(), arguments));
  }
}
