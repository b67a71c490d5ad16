package io.sendense.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups what is done with the machines of a CloudStack. */
@Command(
    name = "cloudstack",
    mixinStandardHelpOptions = true,
    description = "Lists, backs up and restores machines of Apache CloudStack with KVM hosts.")
final class CloudStackCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "a command is missing");
  }
}
