package io.sendense.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on a repository as a whole. */
@Command(
    name = "repository",
    mixinStandardHelpOptions = true,
    description = "Makes and examines repositories.")
final class RepositoryCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "a command is missing");
  }
}
