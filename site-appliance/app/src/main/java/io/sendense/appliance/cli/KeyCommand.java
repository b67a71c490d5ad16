package io.sendense.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on the secrets that open a repository. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Lists, adds, removes and rotates the secrets that open a repository.")
final class KeyCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  static CommandLine with(Surroundings surroundings) {
    return new CommandLine(new KeyCommand())
        .addSubcommand(new KeyListCommand(surroundings))
        .addSubcommand(new KeyAddCommand(surroundings))
        .addSubcommand(new KeyRemoveCommand(surroundings))
        .addSubcommand(new KeyRotateCommand(surroundings))
        .addSubcommand(new KeySheetCommand(surroundings));
  }

  @Override
  public void run() {
    throw new ParameterException(
        new CommandLine(spec), "list, add, remove, rotate or sheet is missing");
  }
}
