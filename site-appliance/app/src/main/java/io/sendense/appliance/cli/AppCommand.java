package io.sendense.appliance.cli;

import io.sendense.recovery.apps.ApplicationItems;
import io.sendense.recovery.apps.MariaItems;
import io.sendense.recovery.apps.PostgresItems;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands for items of applications. */
@Command(
    name = "app",
    mixinStandardHelpOptions = true,
    description = "Databases and tables out of a point, without restoring it.")
final class AppCommand implements Runnable {
  static final List<ApplicationItems> KNOWN = List.of(new PostgresItems(), new MariaItems());

  @Spec CommandSpec spec = CommandSpec.create();

  static CommandLine with(Surroundings surroundings) {
    return new CommandLine(new AppCommand())
        .addSubcommand(new AppLsCommand(surroundings))
        .addSubcommand(new AppRestoreCommand(surroundings));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
