package io.sendense.appliance.cli;

import io.sendense.connectors.cloudstack.CloudStackClient;
import io.sendense.connectors.cloudstack.CloudStackInventory;
import io.sendense.connectors.spi.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the machines that a user of a CloudStack may see. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the machines that the keys may see, their disks and networks.")
final class CloudStackListCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CloudStackOption cloud = new CloudStackOption();

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  boolean json;

  CloudStackListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Machine> machines = new ArrayList<>();
    try (CloudStackClient client = cloud.client(surroundings)) {
      new CloudStackInventory(client, cloud.scope(client)).machines(machines::add);
    }
    machines.sort(Comparator.comparing(Machine::name).thenComparing(Machine::id));
    if (json) {
      surroundings
          .out()
          .println(
              Json.text(
                  Map.of("machines", machines.stream().map(KvmListCommand::document).toList())));
    } else {
      machines.forEach(machine -> KvmListCommand.print(surroundings, machine));
    }
    return 0;
  }
}
