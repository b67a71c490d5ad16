package io.sendense.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups what makes a guest start on another platform. */
@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    description = {
      "Says what moving a guest to another platform takes, and makes the changes on restored"
          + " disks.",
      "Needs neither a licence nor the cloud."
    })
final class ConvertCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  static CommandLine with(Surroundings surroundings) {
    return new CommandLine(new ConvertCommand())
        .addSubcommand(new ConvertInspectCommand(surroundings))
        .addSubcommand(new ConvertApplyCommand(surroundings));
  }

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "inspect or apply is missing");
  }
}
