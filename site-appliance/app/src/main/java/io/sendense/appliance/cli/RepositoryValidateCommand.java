package io.sendense.appliance.cli;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectStore;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Examines a store before anything is entrusted to it. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Tries everything that a repository asks of its store in a new folder of it, which is removed",
      "afterwards, and measures how fast it is. Needs no repository there, and no key.",
      "Locks are tried with objects of a few bytes, for at most two minutes; those stay that long."
    })
final class RepositoryValidateCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  boolean json;

  @Option(
      names = "--compliance",
      description = "Also try locks in compliance mode, which nobody can lift before their time.")
  boolean compliance;

  @Option(
      names = "--clean",
      description =
          "Only remove what an earlier run left at this URL, which is named in its output.")
  boolean clean;

  @Parameters(paramLabel = "R", description = "Directory or URL of the store.")
  String where = "";

  RepositoryValidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    RepositoryUrl store = surroundings.store(where);
    if (clean) {
      return clean(store);
    }
    String folder = Validation.FOLDER + HexFormat.of().toHexDigits(surroundings.random().nextInt());
    RepositoryUrl place = store.below(folder);
    ValidationText text = new ValidationText(surroundings.out(), place.location());
    Validation.Report report =
        new Validation(place, surroundings.access(), compliance)
            .run(outcome -> told(text, outcome));
    if (json) {
      surroundings.out().println(Json.text(text.document(report)));
    } else {
      text.summary(report);
    }
    return report.count(Validation.Status.FAILED) == 0 ? 0 : ErrorCode.STORE_UNSUPPORTED.exitCode();
  }

  private void told(ValidationText text, Validation.Outcome outcome) {
    if (!json) {
      text.line(outcome);
    }
  }

  private int clean(RepositoryUrl place) {
    String location = place.location().replaceAll("\\?.*", "");
    if (!location.substring(location.lastIndexOf('/') + 1).startsWith(Validation.FOLDER)) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          location + " was not made by this command",
          "Name the folder that its output named: .../" + Validation.FOLDER + "...");
    }
    try (ObjectStore store = place.open(surroundings.access())) {
      Validation.Left left = Validation.clean(store);
      if (left.objects() > 0) {
        throw new SendenseException(
            ErrorCode.STORE_LOCKED,
            left.objects() + " objects are locked until " + left.until().orElseThrow(),
            "Run the same command after that.");
      }
    }
    place.removeEmpty();
    surroundings.out().println(json ? "{\"left\":0}" : "removed " + location);
    return 0;
  }
}
