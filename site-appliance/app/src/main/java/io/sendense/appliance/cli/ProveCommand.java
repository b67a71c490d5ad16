package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.machine.GuestAddress;
import io.sendense.recovery.machine.Shape;
import io.sendense.recovery.prove.Check;
import io.sendense.recovery.prove.CheckParser;
import io.sendense.recovery.work.WorkPlaces;
import io.sendense.repository.format.RestorePoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Proves that a point can be recovered from. */
@Command(
    name = "prove",
    mixinStandardHelpOptions = true,
    description = {
      "Boots points in isolated networks, makes checks on them and on their file systems, and keeps",
      "what came of each as a signed record. Nothing is written to a point."
    })
final class ProveCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--point",
      paramLabel = "ID",
      description = "Id of the point, once per point; or \"latest\" of each --vm.")
  List<String> points = new ArrayList<>();

  @Option(
      names = "--vm",
      paramLabel = "NAME",
      description = "Machine whose latest point is meant, once per machine.")
  List<String> vms = new ArrayList<>();

  @Option(names = "--all-latest", description = "The latest point of every machine.")
  boolean allLatest;

  @Option(names = "--repository", paramLabel = "R", description = "Its directory or URL.")
  @Nullable String repository;

  @Option(
      names = "--check",
      paramLabel = "SPEC",
      description =
          "boot, boot:screen, boot:text=TEXT, agent, network, tcp:PORT, http:PORT[/PATH][=STATUS],"
              + " fs, app:postgresql|mysql|mariadb|nginx[:PORT], script:FILE; each may end in"
              + " ;within=SECONDS and ;optional. Once per check. Default: boot and fs.")
  List<String> checks = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where proofs are kept. Default: proofs in the state folder.")
  @Nullable Path to;

  @Option(names = "--memory", paramLabel = "MIB", description = "At most. Default: 2048.")
  int memoryMebibytes = 2048;

  @Option(names = "--processors", paramLabel = "N", description = "At most. Default: 2.")
  int processors = 2;

  @Option(
      names = "--scratch",
      paramLabel = "MIB",
      description = "What the guest may write to each disk before it is ended. Default: 8192.")
  long scratchMebibytes = 8192;

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "Machines of this host that may run at once; more wait. Default: 2.")
  int atOnce = 2;

  @Option(
      names = "--total-memory",
      paramLabel = "MIB",
      description = "Of all machines of this command together. Default: as --at-once allows.")
  int totalMebibytes;

  @Option(
      names = "--total-processors",
      paramLabel = "N",
      description = "Of all machines of this command together. Default: as --at-once allows.")
  int totalProcessors;

  @Option(names = "--wait", paramLabel = "SECONDS", description = "For a place. Default: 3600.")
  int waitSeconds = 3600;

  @Option(names = "--work", paramLabel = "DIR", description = "For overlays and sockets.")
  Path work = WorkPlaces.usual();

  @Option(
      names = "--address",
      paramLabel = "A.B.C.D/N",
      description = "The guest's address where it has a fixed one. Default: it asks DHCP.")
  @Nullable String address;

  @Option(names = "--firmware", paramLabel = "bios|uefi", description = "Default: the point's.")
  @Nullable String firmware;

  @Option(
      names = "--bus",
      paramLabel = "virtio|sata",
      description = "What the guest sees its disks as. Default: virtio.")
  String bus = "virtio";

  ProveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    long began = System.nanoTime();
    List<Check> wanted = CheckParser.parse(checks);
    try (OpenPoints open = OpenPoints.open(surroundings, common, where());
        Job job = Job.open(surroundings, common)) {
      List<ManyProofs.Wanted> all =
          ProvePoints.find(open.repository(), points, vms, allLatest).stream()
              .map(found -> new ManyProofs.Wanted(found, shape(found, wanted)))
              .toList();
      Proving proving =
          new Proving(
              surroundings.clock(),
              surroundings.random(),
              new WorkPlaces(work, atOnce),
              Duration.ofSeconds(waitSeconds),
              Optional.ofNullable(to)
                  .orElse(common.stateFolder(surroundings.environment()).resolve("proofs")));
      List<ManyProofs.Ended> ended =
          new ManyProofs(proving, open, job.context(), budget())
              .run(all, wanted, all.size() == 1 ? OptionalLong.of(began) : OptionalLong.empty());
      job.endProgress();
      return print(ended);
    }
  }

  private ManyProofs.Budget budget() {
    return new ManyProofs.Budget(
        atOnce,
        totalProcessors > 0 ? totalProcessors : Integer.MAX_VALUE,
        totalMebibytes > 0 ? totalMebibytes : Integer.MAX_VALUE);
  }

  /** One as it always was; several with a line that sums them up. */
  private int print(List<ManyProofs.Ended> ended) {
    if (ended.size() == 1) {
      Proving.Proved proved = ended.getFirst().orThrow();
      surroundings
          .out()
          .println(common.json ? Json.text(ProofText.document(proved)) : ProofText.of(proved));
      return proved.record().passed() ? 0 : ProofText.FAILED;
    }
    surroundings
        .out()
        .println(common.json ? Json.text(ProofText.document(ended)) : ProofText.of(ended));
    return ended.stream().allMatch(ManyProofs.Ended::passed) ? 0 : ProofText.FAILED;
  }

  /** Not required by the parser, since the command verify below this one needs none. */
  private String where() {
    String given = repository;
    if (given == null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "--repository is missing", "Add --repository R.");
    }
    return given;
  }

  private Shape shape(RestorePoint found, List<Check> wanted) {
    return ProofShape.of(
        found,
        wanted,
        new ProofShape.Wishes(
            memoryMebibytes,
            processors,
            scratchMebibytes,
            Optional.ofNullable(address).map(GuestAddress::parse),
            Optional.ofNullable(firmware).map(text -> text.toUpperCase(Locale.ROOT)),
            bus.toUpperCase(Locale.ROOT)));
  }
}
