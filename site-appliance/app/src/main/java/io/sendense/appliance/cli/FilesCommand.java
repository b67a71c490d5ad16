package io.sendense.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands on the files in a point. */
@Command(
    name = "files",
    mixinStandardHelpOptions = true,
    description = {
      "Lists, copies, searches and puts back the files in a point, without restoring it first and",
      "without mounting anything. Needs neither a licence nor the cloud."
    })
final class FilesCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  static CommandLine with(Surroundings surroundings) {
    return new CommandLine(new FilesCommand())
        .addSubcommand(new FilesLsCommand(surroundings))
        .addSubcommand(new FilesGetCommand(surroundings))
        .addSubcommand(new FilesSearchCommand(surroundings))
        .addSubcommand(new FilesRestoreCommand(surroundings));
  }

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "ls, get, search or restore is missing");
  }
}
