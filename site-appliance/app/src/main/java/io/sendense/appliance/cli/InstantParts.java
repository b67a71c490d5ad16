package io.sendense.appliance.cli;

import io.sendense.connectors.disk.OverlayImage;
import io.sendense.connectors.libvirt.LibvirtInstant;
import io.sendense.connectors.libvirt.LibvirtUri;
import io.sendense.connectors.spi.InstantTarget;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.InstantJob;
import io.sendense.engine.JobContext;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantStore;
import io.sendense.engine.state.StateStore;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands on instant recoveries are made of. */
final class InstantParts {
  private InstantParts() {}

  static InstantStore store(Surroundings surroundings, CommonOptions common) {
    return InstantStore.open(common.stateFolder(surroundings.environment()));
  }

  static InstantTarget target(Surroundings surroundings, StateStore state, InstantRecord record) {
    return new LibvirtInstant(
        KvmMachines.place(
            LibvirtUri.parse(record.platform()), record.folder(), record.name(), "qcow2", "qcow2"),
        OverlayImage::create,
        state.ownerRecords(),
        KvmHostOption.DEADLINE,
        surroundings.clock(),
        surroundings.random());
  }

  static InstantJob job(
      Surroundings surroundings,
      CommonOptions common,
      JobContext context,
      InstantStore store,
      InstantRecord record) {
    return new InstantJob(
        context,
        store,
        target(surroundings, context.state(), record),
        new InstantServerClient(surroundings, common, record.repository(), record.location()));
  }

  /** Removes recoveries on a platform whose start was cut off, as by a crash of the appliance. */
  static void reap(
      Surroundings surroundings,
      CommonOptions common,
      JobContext context,
      InstantStore store,
      String platform) {
    for (InstantRecord record : store.all()) {
      if (record.platform().equals(platform) && InstantJob.wasCutOff(context, record)) {
        job(surroundings, common, context, store, record).discard(record);
      }
    }
  }

  /** Which recovery is meant. */
  static final class Which {
    @Parameters(
        arity = "0..1",
        paramLabel = "RECOVERY",
        description = "Its id or the name of its machine.")
    @Nullable String recovery;

    @Option(
        names = "--point",
        paramLabel = "ID",
        description = "The point it runs from, where only one does.")
    @Nullable String point;

    @Option(
        names = "--repository",
        paramLabel = "R",
        description = "Where its repository is now. Default: where it was.")
    @Nullable String repository;

    /**
     * @throws SendenseException NOT_FOUND, CONFLICT where several fit, BAD_ARGUMENT
     */
    InstantRecord find(InstantStore store) {
      String named = recovery;
      String from = point;
      if (named == null && from == null) {
        throw new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            "it is not said which instant recovery is meant",
            "Give its id, the name of its machine or --point ID; instant list shows them.");
      }
      List<InstantRecord> fitting =
          store.all().stream()
              .filter(r -> named == null || r.id().equals(named) || r.name().equals(named))
              .filter(r -> from == null || r.point().equals(from))
              .toList();
      if (fitting.size() != 1) {
        throw new SendenseException(
            fitting.isEmpty() ? ErrorCode.NOT_FOUND : ErrorCode.CONFLICT,
            (fitting.isEmpty() ? "no instant recovery is " : "several instant recoveries are ")
                + (named == null ? "of point " + from : named),
            "Look at what there is with: instant list");
      }
      return at(fitting.getFirst());
    }

    private InstantRecord at(InstantRecord r) {
      String moved = repository;
      return moved == null
          ? r
          : new InstantRecord(
              r.id(),
              moved,
              r.location(),
              r.point(),
              r.platform(),
              r.folder(),
              r.name(),
              r.socket(),
              r.state(),
              r.held(),
              r.baseline(),
              r.createdAt());
    }
  }

  /** The repository's name as it is found from every folder. */
  static String lasting(Surroundings surroundings, String repository) {
    return surroundings
        .store(repository)
        .directory()
        .map(Path::toAbsolutePath)
        .map(Path::toString)
        .orElse(repository);
  }
}
