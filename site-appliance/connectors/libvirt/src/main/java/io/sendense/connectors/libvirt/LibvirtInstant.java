package io.sendense.connectors.libvirt;

import io.sendense.connectors.libvirt.LibvirtTarget.Place;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.InstantPlan;
import io.sendense.connectors.spi.InstantTarget;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.connectors.spi.TargetConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Machines of a libvirt host on this machine that run from disks served on a unix socket: each disk
 * is a qcow2 image whose backing file is the NBD export. A checkpoint, made before the first
 * instruction, notes what the guest writes; QEMU's block streaming brings the rest home.
 */
public final class LibvirtInstant implements InstantTarget {
  private static final String OWNER = "instant";
  private static final Duration GO_ON = Duration.ofSeconds(60);

  private final Place place;
  private final Overlays overlays;
  private final OwnerRecords records;
  private final Duration deadline;
  private final InstantSource clock;
  private final RandomGenerator random;

  /** Makes an empty qcow2 image over an NBD export, or over nothing. */
  public interface Overlays {
    void create(Path file, long sizeBytes, Optional<String> backing);
  }

  /**
   * @param place with qcow2 images, on this machine
   * @param deadline for each call to libvirt
   * @param random for names and MAC addresses
   */
  public LibvirtInstant(
      Place place,
      Overlays overlays,
      OwnerRecords records,
      Duration deadline,
      InstantSource clock,
      RandomGenerator random) {
    if (!place.uri().isLocal() || !place.format().equals("qcow2")) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a machine runs at once only on a libvirt of this machine, and on qcow2",
          "Run the appliance on that host, or restore the machine in full.");
    }
    this.place = place;
    this.overlays = overlays;
    this.records = records;
    this.deadline = deadline;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Readiness check(MachinePlan plan) {
    TargetConnector none =
        (name, size) -> {
          throw new IllegalStateException("a check makes no disks");
        };
    return new LibvirtTarget(place, none, records, deadline, random).check(plan);
  }

  @Override
  public void admit(Path file) {
    boolean unused =
        withLibvirt(
            libvirt -> {
              QemuUser.give(libvirt, place.folder(), file);
              return true;
            });
  }

  @Override
  public Machine make(InstantPlan plan) {
    MadeThings made = made(plan.id());
    Map<String, Path> images = new LinkedHashMap<>();
    for (int i = 0; i < plan.served().size(); i++) {
      InstantPlan.Served served = plan.served().get(i);
      Path image = place.diskFile().apply(served.disk());
      if (Files.exists(image)) {
        throw new SendenseException(
            ErrorCode.ALREADY_EXISTS,
            image + " is already there",
            "Use another folder or another name; nothing was overwritten.");
      }
      made.addImage(image);
      overlays.create(
          image,
          plan.machine().disks().get(i).sizeBytes(),
          Optional.of("nbd+unix:///" + served.export() + "?socket=" + served.socket()));
      admit(image);
      images.put(served.disk(), image);
    }
    made.addMachine(plan.id());
    return withLibvirt(
        libvirt ->
            LibvirtTarget.describe(
                libvirt.define(
                    MachineXml.write(
                        plan.id(),
                        plan.machine(),
                        images,
                        place.format(),
                        random,
                        new ServedBelow(plan)))));
  }

  @Override
  public Baseline start(String id) {
    return withDomain(
        id,
        domain -> {
          RunControl run = new RunControl(domain);
          run.startPaused();
          Baseline since = source(id).mark();
          run.resume();
          return since;
        });
  }

  @Override
  public Optional<Look> look(String id) {
    return withLibvirt(
        libvirt ->
            libvirt
                .domain(id)
                .map(
                    domain -> {
                      RunControl run = new RunControl(domain);
                      return new Look(domain.power(), run.isHeld(), disks(domain, run.stacked()));
                    }));
  }

  private static List<String> disks(Domain domain, List<String> targets) {
    return DomainXml.parse(domain.xml()).disks().stream()
        .map(DomainXml.Disk::target)
        .filter(targets::contains)
        .toList();
  }

  /** By the image's own name: it may have moved to another folder. */
  @Override
  public String nameOf(String id, String disk) {
    Path image = place.diskFile().apply(disk).getFileName();
    return withDomain(
        id,
        domain ->
            DomainXml.parse(domain.xml()).disks().stream()
                .filter(one -> Path.of(one.source()).getFileName().equals(image))
                .map(DomainXml.Disk::target)
                .findFirst()
                .orElseThrow(
                    () ->
                        new SendenseException(
                            ErrorCode.SOURCE_PROTOCOL,
                            "machine " + id + " no longer has the image " + image,
                            "Look at its definition with virsh dumpxml.")));
  }

  @Override
  public boolean goOn(String id) {
    return withDomain(
        id,
        domain -> {
          RunControl run = new RunControl(domain);
          if (!run.isHeld()) {
            return false;
          }
          run.goOn(GO_ON);
          return true;
        });
  }

  @Override
  public void bringHome(String id, String disk) {
    boolean unused =
        withDomain(
            id,
            domain -> {
              RunControl run = new RunControl(domain);
              run.mirror(disk).ifPresent(_ -> run.abandon(disk)); // of a move to somewhere else
              if (run.job(disk).isEmpty() && run.stacked().contains(disk)) {
                run.pull(disk);
              }
              return true;
            });
  }

  @Override
  public List<String> elsewhere(String id, Path folder) {
    return withDomain(
        id,
        domain ->
            DomainXml.parse(domain.xml()).disks().stream()
                .filter(disk -> !folder.equals(Path.of(disk.source()).getParent()))
                .map(DomainXml.Disk::target)
                .toList());
  }

  @Override
  public boolean bringTo(String id, String disk, Path folder) {
    MadeThings made = made(id);
    return withLibvirt(
        libvirt ->
            new DiskMove(libvirt, libvirt.domain(id).orElseThrow(() -> gone(id)), made, overlays)
                .go(disk, folder));
  }

  @Override
  public Optional<Move> move(String id, String disk) {
    return withDomain(id, domain -> new RunControl(domain).job(disk));
  }

  @Override
  public SourceConnector written(String id) {
    return new MovedSource(source(id), since -> whereItsDisksAre(id, since));
  }

  /** Only an image of ours that has the name of one in the baseline counts as that one. */
  private Baseline whereItsDisksAre(String id, Baseline since) {
    MadeThings made = made(id);
    return LibvirtBaseline.parse(since)
        .map(
            known ->
                withDomain(
                    id,
                    domain -> {
                      Set<String> marks = new HashSet<>(known.marks());
                      for (DomainXml.Disk disk : DomainXml.parse(domain.xml()).disks()) {
                        Path now = Path.of(disk.source());
                        String before = place.folder().resolve(now.getFileName()).toString();
                        long size = domain.capacity(disk.target());
                        if (made.isImage(now)
                            && known
                                .marks()
                                .contains(LibvirtBaseline.mark(disk.at(before), size))) {
                          marks.add(LibvirtBaseline.mark(disk, size));
                        }
                      }
                      return new LibvirtBaseline(known.checkpoint(), marks, known.snapshot())
                          .toBaseline();
                    }))
        .orElse(since);
  }

  @Override
  public void keep(String id) {
    Look look =
        look(id)
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.NOT_FOUND, "there is no machine " + id, "It was removed."));
    if (!look.away().isEmpty()) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "disks of machine " + id + " still need the point: " + String.join(", ", look.away()),
          "Bring them home first.");
    }
    source(id).forget();
    MadeThings made = made(id);
    // Where disks went to another folder, the images they came from may still be here.
    boolean unused =
        withDomain(
            id,
            domain -> {
              List<Path> used =
                  DomainXml.parse(domain.xml()).disks().stream()
                      .map(disk -> Path.of(disk.source()))
                      .toList();
              made.removeImagesBut(used);
              return true;
            });
    made.keepAll();
  }

  @Override
  public void remove(String id) {
    boolean unused =
        withLibvirt(
            libvirt -> {
              if (libvirt.domain(id).isPresent()) {
                source(id).reap();
              }
              made(id).removeAll(libvirt);
              return true;
            });
  }

  private LibvirtSource source(String id) {
    return new LibvirtSource(
        LibvirtSourceOptions.of(place.uri(), id, place.folder(), OWNER), records, clock, random);
  }

  private MadeThings made(String id) {
    return new MadeThings(records, "instant " + id + " on libvirt:" + place.uri().text());
  }

  private <T> T withDomain(String id, Function<Domain, T> work) {
    return withLibvirt(libvirt -> work.apply(libvirt.domain(id).orElseThrow(() -> gone(id))));
  }

  private SendenseException gone(String id) {
    return new SendenseException(
        ErrorCode.NOT_FOUND,
        "libvirt at " + place.uri().text() + " has no machine " + id,
        "It was removed there; discard the recovery.");
  }

  private <T> T withLibvirt(Function<Libvirt, T> work) {
    try (Libvirt libvirt = Libvirt.open(place.uri(), deadline)) {
      return work.apply(libvirt);
    }
  }
}
