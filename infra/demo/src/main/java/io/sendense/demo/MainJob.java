package io.sendense.demo;

import io.sendense.demo.guest.GuestDisks;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ConnectProxy;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The chapters of the story, in their order, and what they start. */
final class MainJob implements AutoCloseable {
  private static final int RECORDS_BETWEEN = 60;
  private static final Duration WRITING = Duration.ofMinutes(2);
  private static final String ZONE = "Europe/Berlin";

  private final UpOptions options;
  private final Story story;
  private final Path run;
  private final InstantSource clock;
  private final Path state;
  private final Path repository;
  private final Path key;
  private final Appliance appliance;
  private final List<AutoCloseable> started = new ArrayList<>();
  private Optional<Tenant> tenant = Optional.empty();
  private Optional<Services> services = Optional.empty();

  MainJob(UpOptions options, Story story, Path run, InstantSource clock) {
    this.options = options;
    this.story = story;
    this.run = run;
    this.clock = clock;
    this.state = run.resolve("appliance");
    this.repository = run.resolve("repository");
    this.key = run.resolve("repository.key");
    this.appliance =
        new Appliance(options.root(), Map.of("XDG_STATE_HOME", run.resolve("cli").toString()));
  }

  void tell() throws Exception {
    Path cache = Files.createDirectories(options.root().resolve(".sendense/cache"));

    story.chapter("services");
    Services cloud = new ServicesChapter(story, options, cache, run, started::add).start();
    services = Optional.of(cloud);

    story.chapter("tenancy");
    TenancyChapter tenancy =
        new TenancyChapter(story, cloud.cloud(), cloud.issuer(), cloud.platformAdmin());
    Tenant ours = tenancy.create("Northwind IT", "Bakery Lindner", ZONE);
    tenant = Optional.of(ours);
    Tenant stranger = tenancy.create("Other MSP", "Other customer", ZONE);

    story.chapter("enrolment");
    Files.createDirectories(state);
    EnrolmentChapter enrolment = new EnrolmentChapter(story, cloud, ours, appliance, state, clock);
    enrolment.enrol();
    enrolment.licence();

    story.chapter("guest");
    GuestChapter.Started guest =
        new GuestChapter(story, cache, run.resolve("guest"), clock).start();
    started.add(guest.guest());

    story.chapter("backup");
    makeRepository();
    ConnectProxy proxy = ConnectProxy.start();
    started.add(proxy);
    Path config =
        EnrolmentChapter.config(
            run,
            repository,
            key,
            guest.guest().qmpSocket(),
            Files.createDirectories(run.resolve("scratch")),
            proxy.address());
    ChildProcess daemon = enrolment.run(config);
    started.add(daemon);
    enrolment.leaseHeld();
    PolicyBackups backups = new PolicyBackups(story, ours, appliance, state, guest);
    String vm = backups.discover();
    PointMade full = backups.byPolicy(vm);
    guest.guest().awaitAcks(guest.guest().acks().size() + RECORDS_BETWEEN, WRITING);
    PointMade incremental = backups.byCommand(vm);
    story.proof("the incremental moved only what changed", () -> onlyChanges(full, incremental));

    story.chapter("usage");
    UsageChapter usage = new UsageChapter(story, ours, month());
    UsageChapter.Totals totals = usage.tell();
    LostAnswers lost = new LostAnswers(story, usage, ours, proxy);
    lost.cutOff(daemon);
    daemon = lost.killed(daemon, () -> enrolment.start(config));
    started.add(daemon);
    new PortalChapter(story, options.root(), run.resolve("portal"))
        .look(cloud, ours, new PortalChapter.Expected(GuestChapter.VM, 2, totals.retail()));

    story.chapter("restore");
    story.step(
        "the guest is killed and its disks are destroyed",
        () -> {
          guest.guest().kill();
          guest.guest().destroyDisks();
          return new Story.Done<>(
              true, Shown.of(guest.guest().acks().size() + " records had been acknowledged"));
        });
    RestoreChapter restore = new RestoreChapter(story, appliance, guest, key);
    proveRestore(restore, "newest", incremental);
    proveRestore(restore, "earlier", full);

    story.chapter("refusals");
    RefusalsChapter refusals = new RefusalsChapter(story, cloud, ours, run);
    refusals.forgedLicence(appliance, state);
    refusals.expiredToken(new ShortLivedTokens(cloud.identity()));
    refusals.foreignCertificate(Waiting.firstApplianceId(ours));
    refusals.otherTenant(stranger, vm);
    new DamageChapter(story, appliance, run, key).tell(repository, incremental);

    if (options.once()) {
      worstDay(cloud, restore, daemon, config, incremental);
    }
  }

  private void worstDay(
      Services cloud, RestoreChapter restore, ChildProcess daemon, Path config, PointMade point)
      throws Exception {
    story.chapter("worst day");
    WorstDayChapter worst = new WorstDayChapter(story, cloud, appliance, state);
    worst.cloudStops(daemon);
    worst.newPointsStop(config);
    GuestDisks disks = worst.restore(restore, repository, point, run.resolve("restored-worst"));
    restore.prove(
        "and its records prove that one too",
        disks,
        run.resolve("verify-worst"),
        point.acknowledged());
  }

  private void makeRepository() throws Exception {
    story.step(
        "a repository that only the customer's key opens",
        () -> {
          byte[] secret = new byte[32];
          new SecureRandom().nextBytes(secret);
          Files.createFile(
              key,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
          Files.write(key, secret);
          appliance.json(
              WRITING, "repository", "init", repository.toString(), "--key-file", key.toString());
          return new Story.Done<>(true, Shown.of("AES-256-GCM, key file of 32 random bytes"));
        });
  }

  private YearMonth month() {
    return YearMonth.from(clock.instant().atZone(ZoneId.of(ZONE)));
  }

  private static Shown onlyChanges(PointMade full, PointMade incremental) {
    Story.require(incremental.mode().equals("incremental"), "it ran as " + incremental.mode());
    Story.require(
        incremental.bytesChanged() * 4 < full.bytesRead(),
        Units.bytes(incremental.bytesChanged()) + " of " + Units.bytes(full.bytesRead()));
    Story.require(
        incremental.bytesStored() * 4 < full.bytesStored(),
        Units.bytes(incremental.bytesStored())
            + " stored, the full "
            + Units.bytes(full.bytesStored()));
    return Shown.of(
        Units.bytes(incremental.bytesChanged())
            + " in changed chunks; "
            + Units.bytes(incremental.bytesRead())
            + " read with the samples; the full read "
            + Units.bytes(full.bytesRead()),
        incremental.bytesStored());
  }

  private void proveRestore(RestoreChapter restore, String which, PointMade point)
      throws Exception {
    GuestDisks disks =
        restore.restore(
            "restore of the " + which + " point",
            repository,
            point,
            run.resolve("restored-" + which));
    restore.prove(
        "the restored guest boots and its records prove it",
        disks,
        run.resolve("verify-" + which),
        point.acknowledged());
  }

  /** Where to look when the story ended early. */
  List<Path> logs() {
    return Stream.of("guest/console.log", "guest/qemu.log")
        .map(run::resolve)
        .filter(Files::exists)
        .toList();
  }

  /** The last words of the processes that still have some. */
  String lastWords() {
    StringBuilder words = new StringBuilder();
    for (AutoCloseable part : started) {
      if (part instanceof ChildProcess child) {
        words.append(Appliance.lastLines(child.stdout())).append('\n');
        words.append(Appliance.lastLines(child.stderr())).append('\n');
      }
    }
    return words.toString();
  }

  void stayUp(PrintStream out) {
    services.ifPresent(cloud -> out.println("\n  portal    " + cloud.cloud()));
    tenant.ifPresent(
        t -> {
          out.println("  MSP       " + t.mspUser().username() + "  " + t.mspUser().password());
          out.println(
              "  customer  " + t.portalUser().username() + "  " + t.portalUser().password());
        });
    services.ifPresent(
        cloud ->
            out.println(
                "  platform  "
                    + cloud.identity().platformUser()
                    + "  "
                    + cloud.identity().platformPassword()));
    out.println("  files     " + run + "\n\n  Ctrl-C ends it.");
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable part : started.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IOException("a part of the story could not be ended: " + e.getMessage(), e);
      }
    }
  }
}
