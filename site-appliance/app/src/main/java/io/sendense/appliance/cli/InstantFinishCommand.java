package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.InstantJob;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves a machine that runs from a point to its own disks. */
@Command(
    name = "finish",
    mixinStandardHelpOptions = true,
    description = {
      "Moves what a machine still reads from the point to its own disks while it runs. Then compares",
      "all that its guest has not written with the point, frozen at one instant, and hands it over.",
      "After an interruption the same command goes on."
    })
final class InstantFinishCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin InstantParts.Which which = new InstantParts.Which();

  @Option(
      names = "--unproved",
      description =
          "Hand it over without the comparison, where the platform lost what it noted of the guest's"
              + " writes, as when QEMU was killed.")
  boolean unproved;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description =
          "Folder for its disks, on any storage; libvirt's QEMU has to read and write there. Default:"
              + " where they were made.")
  @Nullable Path to;

  InstantFinishCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (Job job = Job.open(surroundings, common);
        InstantStore store = InstantParts.store(surroundings, common)) {
      InstantRecord record = which.find(store);
      try (OpenPoints open = OpenPoints.open(surroundings, common, record.repository())) {
        InstantJob.Finished finished =
            InstantParts.job(surroundings, common, job.context(), store, record)
                .finish(record, open.repository(), folder(), unproved);
        job.endProgress();
        print(record, finished);
        return 0;
      }
    }
  }

  private Optional<Path> folder() {
    Path given = to;
    if (given == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(given.toRealPath());
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, given + " is no folder", "Make it, or name another one.", e);
    }
  }

  private void print(InstantRecord record, InstantJob.Finished finished) {
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("recovery", record.id());
      document.put("machine", record.name());
      document.put("point", record.point());
      document.put("folder", folder().orElse(record.folder()).toString());
      document.put("bytesMoved", finished.movedBytes());
      document.put("bytesProved", finished.provedBytes());
      document.put("bytesWrittenByGuest", finished.writtenBytes());
      document.put("proved", !unproved);
      document.put("durationSeconds", finished.duration().toMillis() / 1000.0);
      surroundings.out().println(Json.text(document));
      return;
    }
    surroundings
        .out()
        .println(
            "machine "
                + record.name()
                + " runs on its own disks in "
                + folder().orElse(record.folder())
                + ", after "
                + Units.duration(finished.duration()));
    surroundings
        .out()
        .println(
            unproved
                ? "nothing was compared with the point"
                : Units.bytes(finished.provedBytes())
                    + " proved equal to the point, "
                    + Units.bytes(finished.writtenBytes())
                    + " written by its guest since");
  }
}
