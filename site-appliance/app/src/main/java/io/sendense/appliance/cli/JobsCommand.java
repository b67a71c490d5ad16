package io.sendense.appliance.cli;

import io.sendense.engine.state.JobRecord;
import io.sendense.engine.state.StateStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists what was done, and what was interrupted. */
@Command(
    name = "jobs",
    mixinStandardHelpOptions = true,
    description = "Lists the newest jobs of this appliance, newest first.")
final class JobsCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(names = "--limit", paramLabel = "N", description = "At most so many; default 20.")
  int limit = 20;

  JobsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (StateStore state = common.openState(surroundings)) {
      List<JobRecord> jobs = state.jobs().newest(Math.clamp(limit, 1, 10_000));
      if (common.json) {
        surroundings
            .out()
            .println(Json.text(Map.of("jobs", jobs.stream().map(JobsCommand::document).toList())));
      } else {
        jobs.forEach(job -> surroundings.out().println(line(job)));
      }
      return 0;
    }
  }

  private static Map<String, Object> document(JobRecord job) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", job.id());
    document.put("kind", job.kind().name().toLowerCase(Locale.ROOT));
    document.put("subject", job.subject());
    document.put("repository", job.repository());
    document.put("state", job.state().name().toLowerCase(Locale.ROOT));
    document.put("phase", job.phase());
    document.put("createdAt", job.createdAt().toString());
    document.put("finishedAt", job.finishedAt().map(Object::toString).orElse(""));
    document.put("point", job.point().orElse(""));
    document.put("mode", job.mode().orElse(""));
    document.put("reason", job.reason().orElse(""));
    document.put("errorCode", job.errorCode().orElse(""));
    document.put("errorText", job.errorText().orElse(""));
    document.put("bytesRead", job.bytes().read());
    document.put("bytesChanged", job.bytes().changed());
    document.put("bytesStored", job.bytes().stored());
    return document;
  }

  private static String line(JobRecord job) {
    return String.format(
        Locale.ROOT,
        "%s  %s  %-7s %-11s %s%s",
        job.id(),
        job.createdAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
        job.kind().name().toLowerCase(Locale.ROOT),
        job.state().name().toLowerCase(Locale.ROOT),
        job.subject(),
        job.errorText()
            .or(job::reason)
            .or(() -> Optional.of(job.phase()).filter(_ -> job.state() == JobRecord.State.RUNNING))
            .map(text -> " (" + text + ")")
            .orElse(""));
  }
}
