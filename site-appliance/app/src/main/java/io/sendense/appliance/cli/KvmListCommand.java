package io.sendense.appliance.cli;

import io.sendense.connectors.spi.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the machines of a host. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the machines of a host, their disks and networks.")
final class KvmListCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin KvmHostOption host = new KvmHostOption();

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  boolean json;

  KvmListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Machine> machines = new ArrayList<>();
    host.inventory().machines(machines::add);
    machines.sort(Comparator.comparing(Machine::name).thenComparing(Machine::id));
    if (json) {
      surroundings
          .out()
          .println(
              Json.text(
                  Map.of("machines", machines.stream().map(KvmListCommand::document).toList())));
    } else {
      machines.forEach(machine -> print(surroundings, machine));
    }
    return 0;
  }

  static Map<String, Object> document(Machine machine) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", machine.id());
    document.put("name", machine.name());
    document.put("power", lower(machine.power()));
    document.put("processors", machine.hardware().processors());
    document.put("memoryBytes", machine.hardware().memoryBytes());
    document.put("firmware", lower(machine.hardware().firmware()));
    document.put("tpm", machine.hardware().tpm());
    List<Object> disks = new ArrayList<>();
    for (Machine.Disk disk : machine.disks()) {
      Map<String, Object> inner = new LinkedHashMap<>();
      inner.put("name", disk.name());
      inner.put("sizeBytes", disk.sizeBytes());
      inner.put("format", disk.medium());
      inner.put("untracked", disk.untracked().orElse(""));
      disks.add(inner);
    }
    document.put("disks", disks);
    List<Object> nics = new ArrayList<>();
    for (Machine.Nic nic : machine.nics()) {
      nics.add(Map.of("network", nic.network(), "mac", nic.mac().orElse("")));
    }
    document.put("nics", nics);
    return document;
  }

  static void print(Surroundings surroundings, Machine machine) {
    surroundings
        .out()
        .println(
            String.format(
                Locale.ROOT,
                "%s  %-8s %-20s %d cpu, %s, %s",
                machine.id(),
                lower(machine.power()),
                machine.name(),
                machine.hardware().processors(),
                Units.bytes(machine.hardware().memoryBytes()),
                lower(machine.hardware().firmware())));
    for (Machine.Disk disk : machine.disks()) {
      surroundings
          .out()
          .println(
              "  disk "
                  + disk.name()
                  + "  "
                  + Units.bytes(disk.sizeBytes())
                  + " "
                  + disk.medium()
                  + disk.untracked().map(why -> " (" + why + ")").orElse(""));
    }
    for (Machine.Nic nic : machine.nics()) {
      surroundings.out().println("  nic  " + nic.network() + "  " + nic.mac().orElse(""));
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
