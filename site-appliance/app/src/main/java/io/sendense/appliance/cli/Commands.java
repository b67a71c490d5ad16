package io.sendense.appliance.cli;

import io.sendense.appliance.daemon.EnrolCommand;
import io.sendense.appliance.daemon.LicenceCommand;
import io.sendense.appliance.daemon.RunCommand;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * Which commands there are. Where the arguments begin with one of them, only that one is made:
 * describing all of them takes longer than some commands run.
 */
final class Commands {
  static final List<String> ALL =
      List.of(
          "repository",
          "backup",
          "copy",
          "points",
          "restore",
          "export",
          "export-nbd",
          "files",
          "prove",
          "app",
          "convert",
          "serve-repository",
          "jobs",
          "kvm",
          "instant",
          "cloudstack",
          "enrol",
          "run",
          "licence");

  static final List<String> OF_REPOSITORY =
      List.of(
          "init",
          "validate",
          "verify",
          "consolidate",
          "key",
          "retain",
          "collect",
          "heal",
          "rebuild-index",
          "tier",
          "rehydrate");

  private Commands() {}

  static void add(CommandLine root, Surroundings surroundings, String... arguments) {
    String first = arguments.length > 0 ? arguments[0] : "";
    String second = arguments.length > 1 ? arguments[1] : "";
    add(root, ALL, first, name -> command(name, second, surroundings));
  }

  private static void add(
      CommandLine to, List<String> all, String wanted, Function<String, Object> make) {
    for (String name : all.contains(wanted) ? List.of(wanted) : all) {
      to.addSubcommand(name, make.apply(name));
    }
  }

  private static Object command(String name, String second, Surroundings surroundings) {
    return switch (name) {
      case "repository" -> {
        CommandLine repository = new CommandLine(new RepositoryCommand());
        add(repository, OF_REPOSITORY, second, one -> ofRepository(one, surroundings));
        yield repository;
      }
      case "backup" -> new BackupCommand(surroundings);
      case "copy" -> new CopyCommand(surroundings);
      case "points" ->
          new CommandLine(new PointsCommand(surroundings))
              .addSubcommand(new PointsChange.Delete(surroundings))
              .addSubcommand(new PointsChange.Hold(surroundings))
              .addSubcommand(new PointsChange.Release(surroundings));
      case "restore" -> new RestoreCommand(surroundings);
      case "export" -> new ExportCommand(surroundings);
      case "export-nbd" -> new ExportNbdCommand(surroundings);
      case "files" -> FilesCommand.with(surroundings);
      case "app" -> AppCommand.with(surroundings);
      case "prove" ->
          new CommandLine(new ProveCommand(surroundings))
              .addSubcommand(new ProveListCommand(surroundings))
              .addSubcommand(new ProveVerifyCommand(surroundings));
      case "convert" -> ConvertCommand.with(surroundings);
      case "serve-repository" -> new ServeRepositoryCommand(surroundings);
      case "jobs" -> new JobsCommand(surroundings);
      case "kvm" ->
          new CommandLine(new KvmCommand())
              .addSubcommand(new KvmListCommand(surroundings))
              .addSubcommand(new KvmBackupCommand(surroundings))
              .addSubcommand(new KvmRestoreCommand(surroundings));
      case "instant" -> InstantCommand.with(surroundings);
      case "cloudstack" ->
          new CommandLine(new CloudStackCommand())
              .addSubcommand(new CloudStackListCommand(surroundings))
              .addSubcommand(new CloudStackBackupCommand(surroundings))
              .addSubcommand(new CloudStackRestoreCommand(surroundings));
      case "enrol" -> new EnrolCommand(surroundings);
      case "run" -> new RunCommand(surroundings);
      case "licence" -> new LicenceCommand(surroundings);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Object ofRepository(String name, Surroundings surroundings) {
    return switch (name) {
      case "init" -> new RepositoryInitCommand(surroundings);
      case "validate" -> new RepositoryValidateCommand(surroundings);
      case "verify" -> new RepositoryVerifyCommand(surroundings);
      case "consolidate" -> new RepositoryConsolidateCommand(surroundings);
      case "key" -> KeyCommand.with(surroundings);
      case "retain" -> new RepositoryRetainCommand(surroundings);
      case "collect" -> new RepositoryCollectCommand(surroundings);
      case "heal" -> new RepositoryHealCommand(surroundings);
      case "rebuild-index" -> new RepositoryRebuildIndexCommand(surroundings);
      case "tier" -> new RepositoryTierCommand(surroundings);
      case "rehydrate" -> new RepositoryRehydrateCommand(surroundings);
      default -> throw new IllegalArgumentException(name);
    };
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
