package io.sendense.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command, which only groups the others. */
@Command(
    name = "appliance",
    mixinStandardHelpOptions = true,
    version = "Sendense appliance 0.1",
    description = "Backs up, restores and verifies virtual machines.",
    footer = {
      "",
      "The passphrase of a repository comes from SENDENSE_PASSPHRASE or --key-file.",
      "Exit codes: 0 success, 1 a defect, 2 arguments or rights, 3 our own failure, 4 a resource",
      "ran out, 5 the source, 6 the store, 7 the licence, 8 the link to the cloud."
    })
final class ApplianceCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "a command is missing");
  }
}
