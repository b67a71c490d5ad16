package io.sendense.appliance.cli;

import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantStore;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes a machine that runs from a point. */
@Command(
    name = "discard",
    mixinStandardHelpOptions = true,
    description = {
      "Stops a machine that runs from a point and removes it with all that its guest wrote. The point",
      "stays."
    })
final class InstantDiscardCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin InstantParts.Which which = new InstantParts.Which();

  InstantDiscardCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Job job = Job.open(surroundings, common);
        InstantStore store = InstantParts.store(surroundings, common)) {
      InstantRecord record = which.find(store);
      InstantParts.job(surroundings, common, job.context(), store, record).discard(record);
      job.endProgress();
      if (common.json) {
        surroundings
            .out()
            .println(Json.text(Map.of("recovery", record.id(), "machine", record.name())));
      } else {
        surroundings.out().println("machine " + record.name() + " and its images are removed");
      }
      return 0;
    }
  }
}
