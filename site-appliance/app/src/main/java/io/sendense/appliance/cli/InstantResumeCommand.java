package io.sendense.appliance.cli;

import io.sendense.engine.InstantJob;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Serves a recovery again after its serving process ended. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the disks of a recovery again, as after the appliance was killed or restarted, and lets",
      "its guest go on where it was held for them. Nothing that was written is lost meanwhile."
    })
final class InstantResumeCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin InstantParts.Which which = new InstantParts.Which();

  InstantResumeCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Job job = Job.open(surroundings, common);
        InstantStore store = InstantParts.store(surroundings, common)) {
      InstantRecord record = which.find(store);
      InstantJob recovery = InstantParts.job(surroundings, common, job.context(), store, record);
      boolean held = record.state().needsPoint() && recovery.resume(record);
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("recovery", record.id());
        document.put("machine", record.name());
        document.put("wasHeld", held);
        surroundings.out().println(Json.text(document));
      } else {
        surroundings
            .out()
            .println(
                "machine "
                    + record.name()
                    + " is served"
                    + (held ? "; it was held and goes on" : ""));
      }
      return 0;
    }
  }
}
