package io.sendense.appliance.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** The command line as a whole. */
public final class Cli {
  private Cli() {}

  /**
   * Runs one command and returns its exit code: 0 for success, 1 for a defect of the program,
   * otherwise the error code's block plus 1, so 2 also for arguments that cannot be read.
   */
  public static int run(Surroundings surroundings, String... arguments) {
    CommandLine commandLine = new CommandLine(new ApplianceCommand());
    Commands.add(commandLine, surroundings, arguments);
    commandLine.setOut(writer(surroundings.out()));
    commandLine.setErr(writer(surroundings.err()));
    commandLine.setParameterExceptionHandler(
        (exception, given) -> {
          CommandLine command = exception.getCommandLine();
          command.getErr().println("error SD-1000: " + exception.getMessage());
          command
              .getErr()
              .println("  See: " + command.getCommandSpec().qualifiedName() + " --help");
          return CommandLine.ExitCode.USAGE;
        });
    commandLine.setExecutionExceptionHandler(
        (exception, command, result) ->
            Failures.report(surroundings, Commands.wantsJson(result), exception));
    int code = commandLine.execute(arguments);
    surroundings.out().flush();
    surroundings.err().flush();
    return code;
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
