package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.CollectJob;
import io.sendense.repository.format.CollectOptions;
import io.sendense.repository.format.CollectReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Frees what no point needs. */
@Command(
    name = "collect",
    mixinStandardHelpOptions = true,
    description = {
      "Removes what no restore point needs. Safe beside backups, restores and other collections, on",
      "any host. Takes two runs: the first makes garbage unfindable, one after the deletion age",
      "(4 days by default) removes it. Run it daily."
    })
final class RepositoryCollectCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "Its directory or URL.")
  String repository = "";

  @Option(names = "--dry-run", description = "Tell what would go, and change nothing.")
  boolean dryRun;

  @Option(
      names = "--rewrite-below",
      paramLabel = "PERCENT",
      description = "Rewrite packs of which less than this is needed, 0 to 95. Default: 50.")
  int rewriteBelow = 50;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Where lists are laid down that are too long for memory. Default: /tmp.")
  @Nullable Path scratch;

  RepositoryCollectCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    CollectOptions options = options();
    try (Job job = Job.open(surroundings, common);
        OpenRepository open = OpenRepository.open(surroundings, common, repository)) {
      CollectReport report =
          new CollectJob(job.context()).run(open.repository(), options, open.location());
      job.endProgress();
      if (common.json) {
        surroundings.out().println(Json.text(document(report)));
      } else {
        show(report, surroundings.out());
      }
      return 0;
    }
  }

  private CollectOptions options() {
    try {
      CollectOptions options =
          CollectOptions.defaults().withDryRun(dryRun).withWantedPercent(rewriteBelow);
      Path folder = scratch;
      return folder == null ? options : options.withScratch(folder);
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "--rewrite-below: " + e.getMessage(),
          "Give a share in that range.",
          e);
    }
  }

  private Map<String, Object> document(CollectReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("dryRun", dryRun);
    document.put("at", report.at().toString());
    document.put("pointsRemoved", report.pointsRemoved());
    document.put("packsDeleted", report.packsDeleted().count());
    document.put("bytesDeleted", report.packsDeleted().bytes());
    document.put("packsCondemned", report.packsCondemned().count());
    document.put("bytesCondemned", report.packsCondemned().bytes());
    document.put("packsRewritten", report.packsRewritten().count());
    document.put("bytesCopied", report.packsRewritten().bytes());
    document.put("packsCovered", report.packsCovered());
    document.put("objectsDeleted", report.objectsDeleted());
    document.put("bytesNeeded", report.bytesWanted());
    document.put("kept", report.kept().stream().map(RepositoryCollectCommand::document).toList());
    return document;
  }

  private static Map<String, Object> document(CollectReport.Kept kept) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("object", kept.object());
    document.put("bytes", kept.bytes());
    document.put("until", kept.until());
    return document;
  }

  private void show(CollectReport report, PrintStream out) {
    String would = dryRun ? "would be " : "";
    out.println(
        report.packsDeleted().count()
            + " packs, "
            + Units.bytes(report.packsDeleted().bytes())
            + " "
            + would
            + "deleted; "
            + report.packsCondemned().count()
            + " packs, "
            + Units.bytes(report.packsCondemned().bytes())
            + " "
            + would
            + "given up for a later run");
    if (report.packsRewritten().count() > 0) {
      out.println(
          report.packsRewritten().count()
              + " packs "
              + would
              + "rewritten, "
              + Units.bytes(report.packsRewritten().bytes())
              + " copied");
    }
    if (report.packsCovered() > 0) {
      out.println(report.packsCovered() + " packs " + would + "named again: a point needs them");
    }
    report
        .kept()
        .forEach(
            kept -> out.println("kept " + kept.object() + ", garbage that is " + kept.until()));
    out.println(Units.bytes(report.bytesWanted()) + " are needed by restore points");
  }
}
