package io.sendense.appliance.cli;

import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Drops the oldest points of a qcow2 chain. */
@Command(
    name = "consolidate",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes the oldest points of a qcow2 chain and merges what is needed of them into the oldest",
      "that stays. Needs space for that one file; a crash at any moment breaks no point."
    })
final class RepositoryConsolidateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "Folder of the repository, of the kind qcow2-chain.")
  Path repository = Path.of("");

  @Option(names = "--keep", required = true, paramLabel = "N", description = "Points per machine.")
  int keep;

  @Option(names = "--vm", paramLabel = "NAME", description = "Only this machine; else every one.")
  @Nullable String vm;

  RepositoryConsolidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (ChainRepository chain =
        ChainRepository.open(repository, surroundings.clock(), surroundings.random())) {
      TreeSet<String> machines = new TreeSet<>();
      chain.points().stream()
          .map(RestorePoint::vm)
          .filter(name -> vm == null || name.equals(vm))
          .forEach(machines::add);
      Map<String, Object> document = new LinkedHashMap<>();
      for (String machine : machines) {
        List<PointId> gone = chain.keepNewest(machine, keep);
        document.put(machine, gone.stream().map(PointId::toString).toList());
        if (!common.json) {
          surroundings.out().println(machine + ": " + gone.size() + " points deleted");
        }
      }
      if (common.json) {
        surroundings.out().println(Json.text(Map.of("deleted", document)));
      }
      return 0;
    }
  }
}
