package io.sendense.appliance.cli;

import io.sendense.appliance.daemon.EnrolCommand;
import io.sendense.appliance.daemon.LicenceCommand;
import io.sendense.appliance.daemon.RunCommand;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Which commands there are. */
final class Commands {
  private Commands() {}

  static void add(CommandLine root, Surroundings surroundings) {
    CommandLine repository = new CommandLine(new RepositoryCommand());
    repository.addSubcommand(new RepositoryInitCommand(surroundings));
    repository.addSubcommand(new RepositoryValidateCommand(surroundings));
    repository.addSubcommand(new RepositoryVerifyCommand(surroundings));
    repository.addSubcommand(new RepositoryConsolidateCommand(surroundings));
    repository.addSubcommand(KeyCommand.with(surroundings));
    repository.addSubcommand(new RepositoryRetainCommand(surroundings));
    repository.addSubcommand(new RepositoryCollectCommand(surroundings));
    repository.addSubcommand(new RepositoryHealCommand(surroundings));
    repository.addSubcommand(new RepositoryRebuildIndexCommand(surroundings));
    repository.addSubcommand(new RepositoryTierCommand(surroundings));
    repository.addSubcommand(new RepositoryRehydrateCommand(surroundings));
    root.addSubcommand(repository);
    root.addSubcommand(new BackupCommand(surroundings));
    root.addSubcommand(new CopyCommand(surroundings));
    CommandLine points = new CommandLine(new PointsCommand(surroundings));
    points.addSubcommand(new PointsChange.Delete(surroundings));
    points.addSubcommand(new PointsChange.Hold(surroundings));
    points.addSubcommand(new PointsChange.Release(surroundings));
    root.addSubcommand(points);
    root.addSubcommand(new RestoreCommand(surroundings));
    root.addSubcommand(new ExportCommand(surroundings));
    root.addSubcommand(new ExportNbdCommand(surroundings));
    root.addSubcommand(new ServeRepositoryCommand(surroundings));
    root.addSubcommand(new JobsCommand(surroundings));
    root.addSubcommand(new EnrolCommand(surroundings));
    root.addSubcommand(new RunCommand(surroundings));
    root.addSubcommand(new LicenceCommand(surroundings));
  }

  /** Whether the innermost command was given {@code --json}. */
  static boolean wantsJson(ParseResult result) {
    ParseResult innermost = result;
    while (innermost.hasSubcommand()) {
      innermost = innermost.subcommand();
    }
    return innermost.hasMatchedOption("--json");
  }
}
