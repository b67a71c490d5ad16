package io.sendense.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups what is done with machines that run from a point. */
@Command(
    name = "instant",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a machine from a point within seconds, before anything is restored, and then moves it to",
      "its own disks while it runs, or discards it. Needs neither a licence nor the cloud."
    })
final class InstantCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  static CommandLine with(Surroundings surroundings) {
    return new CommandLine(new InstantCommand())
        .addSubcommand(new InstantStartCommand(surroundings))
        .addSubcommand(new InstantListCommand(surroundings))
        .addSubcommand(new InstantResumeCommand(surroundings))
        .addSubcommand(new InstantFinishCommand(surroundings))
        .addSubcommand(new InstantDiscardCommand(surroundings))
        .addSubcommand(new InstantServeCommand(surroundings));
  }

  @Override
  public void run() {
    throw new ParameterException(
        new CommandLine(spec), "start, list, resume, finish, discard or serve is missing");
  }
}
