package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.retention.RetentionPlan;
import io.sendense.engine.retention.RetentionPolicy;
import io.sendense.engine.retention.RetentionRun;
import io.sendense.engine.retention.Rule;
import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.Repository;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes the points that a policy does not keep. */
@Command(
    name = "retain",
    mixinStandardHelpOptions = true,
    description = {
      "Deletes the restore points that no rule keeps, machine by machine. The newest point of a",
      "machine, held points and locked points stay. Space comes back with `repository collect`;",
      "in a qcow2 chain at once, when the next point has taken over what it needs."
    })
final class RepositoryRetainCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "Its directory or URL.")
  String repository = "";

  @Option(names = "--keep-last", paramLabel = "N", description = "Keep the newest N points.")
  int last;

  @Option(
      names = "--keep-hourly",
      paramLabel = "N",
      description = "Keep the newest point of each of the newest N hours that have one.")
  int hourly;

  @Option(names = "--keep-daily", paramLabel = "N", description = "The same by days.")
  int daily;

  @Option(names = "--keep-weekly", paramLabel = "N", description = "The same by ISO weeks.")
  int weekly;

  @Option(names = "--keep-monthly", paramLabel = "N", description = "The same by months.")
  int monthly;

  @Option(names = "--keep-yearly", paramLabel = "N", description = "The same by years.")
  int yearly;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      description = "Whose calendar counts, such as Europe/Berlin. Default: UTC.")
  String timezone = "UTC";

  @Option(names = "--vm", paramLabel = "NAME", description = "Only points of this machine.")
  @Nullable String vm;

  @Option(names = "--dry-run", description = "Tell what would go and why, and delete nothing.")
  boolean dryRun;

  RepositoryRetainCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    RetentionPolicy policy = policy();
    try (OpenPoints open = OpenPoints.open(surroundings, common, repository)) {
      show(
          switch (open.repository()) {
            case ChainRepository chain ->
                RetentionRun.run(new ChainPoints(chain), policy, Optional.ofNullable(vm), dryRun);
            case Repository sealed ->
                RetentionRun.run(
                    sealed, policy, Optional.ofNullable(vm), dryRun, "repository retain");
            default -> throw new IllegalStateException("a kind of repository without retention");
          });
      return 0;
    }
  }

  private RetentionPolicy policy() {
    try {
      RetentionPolicy policy =
          RetentionPolicy.everything(ZoneId.of(timezone))
              .with(Rule.LAST, last)
              .with(Rule.HOURLY, hourly)
              .with(Rule.DAILY, daily)
              .with(Rule.WEEKLY, weekly)
              .with(Rule.MONTHLY, monthly)
              .with(Rule.YEARLY, yearly);
      if (policy.keepsEverything()) {
        throw new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            "no --keep option was given, so nothing would be kept or everything; nothing was done",
            "Give at least one, such as --keep-last 7, and --dry-run to see what it does.");
      }
      return policy;
    } catch (DateTimeException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "there is no time zone " + timezone,
          "Name one like Europe/Berlin or UTC.",
          e);
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, String.valueOf(e.getMessage()), "Give a count in that range.", e);
    }
  }

  private void show(RetentionRun.Result result) {
    RetentionPlan plan = result.plan();
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("dryRun", dryRun);
      document.put("kept", plan.kept().size());
      document.put("deleted", result.deleted().size());
      document.put("points", plan.decisions().stream().map(this::document).toList());
      surroundings.out().println(Json.text(document));
      return;
    }
    for (RetentionPlan.Decision decision : plan.decisions()) {
      surroundings
          .out()
          .println(
              (decision.keep() ? "keep   " : dryRun ? "would delete " : "delete ")
                  + decision.point().id()
                  + "  "
                  + decision.point().takenAt()
                  + "  "
                  + decision.point().machine()
                  + "  "
                  + String.join("; ", decision.reasons()));
    }
    surroundings
        .out()
        .println(
            plan.kept().size()
                + " kept, "
                + (dryRun
                    ? plan.going().size() + " would go"
                    : result.deleted().size() + " deleted"));
  }

  private Map<String, Object> document(RetentionPlan.Decision decision) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("id", decision.point().id());
    document.put("vm", decision.point().machine());
    document.put("takenAt", decision.point().takenAt().toString());
    document.put("keep", decision.keep());
    document.put("reasons", decision.reasons());
    decision.mayGoAt().ifPresent(date -> document.put("mayGoAt", date.toString()));
    return document;
  }
}
