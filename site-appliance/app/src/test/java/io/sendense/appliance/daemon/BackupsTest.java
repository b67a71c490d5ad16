package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.appliance.cli.TestDisks;
import io.sendense.appliance.store.StoreAccess;
import io.sendense.billing.metering.VmUsage;
import io.sendense.connectors.disk.DiskSource;
import io.sendense.connectors.disk.DiskUri;
import io.sendense.connectors.disk.SourceDisk;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.domain.VmId;
import io.sendense.engine.state.StateStore;
import io.sendense.protocol.Immutability;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.Point;
import io.sendense.protocol.PointGone;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.ReportedState;
import io.sendense.protocol.Retention;
import io.sendense.repository.decorators.StoreCounters;
import io.sendense.repository.decorators.Throttle;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositoryLock;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.spi.LockMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupsTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Site site;
  private StateStore state;
  private OpenRepositories repositories;
  private Bandwidths bandwidths = new Bandwidths(Throttle.UNLIMITED);
  private Sources sources;
  private Backups backups;
  private ProtectionPolicy policy;

  @BeforeEach
  void open() throws Exception {
    site = new Site(folder);
    site.licence.accept(Grants.answer(1, Site.START, 25));
    Environment environment = Environment.of(site.clock, new SecureRandom());
    DaemonConfig.RepositoryEntry main = site.config.repository("main").orElseThrow();
    Files.createFile(
        main.keyFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(main.keyFile(), new byte[32]);
    try (LocalObjectStore store = LocalObjectStore.create(main.url().directory().orElseThrow())) {
      Repository.init(
              store,
              RepositorySecret.keyFile(main.keyFile()),
              RepositorySettings.defaults(),
              environment)
          .close();
    }
    state = StateStore.open(folder.resolve("state"), site.clock);
    repositories =
        new OpenRepositories(
            site.config, environment, bandwidths, StoreAccess.unlimited(new SecureRandom()));
    Path disk = TestDisks.random(folder.resolve("shop.raw"), 0, 3 * MIB, 1);
    sources = (entry, location) -> disk(disk);
    backups = backups();
    policy = site.policy(Duration.ofHours(1), site.shop());
    site.desired.replace(site.state(1, List.of(policy)));
  }

  @AfterEach
  void close() {
    repositories.close();
    state.close();
    site.close();
  }

  @Test
  void aBackupIsReportedMeteredAndReallyThere() {
    JobResult result = backups.run(policy, site.shop());
    assertThat(result.outcome()).isEqualTo(JobResult.Outcome.SUCCEEDED);
    ReportedState report = site.waiting();
    Point point = report.points().getFirst();
    assertThat(result.point()).contains(point.id());
    assertThat(report.jobs()).containsExactly(result);
    assertThat(repositories.open("main").repository().points()).hasSize(1);
    site.usage.record();
    VmUsage usage =
        site
            .usage
            .nextBatch(FakeCloud.identity(Site.START, Duration.ofDays(1)).key())
            .orElseThrow()
            .records()
            .getFirst()
            .vms()
            .stream()
            .filter(vm -> vm.vm().equals(site.shop()))
            .findFirst()
            .orElseThrow();
    assertThat(usage.pointsHeld()).isEqualTo(1);
    assertThat(usage.storedBytes()).isEqualTo(point.bytesStored());
    assertThat(usage.movedBytes()).isEqualTo(3 * MIB);
  }

  @Test
  void aFailureIsInTheResultWithWhatToDoAndMetersNothing() {
    sources = (entry, location) -> disk(folder.resolve("nowhere.raw"));
    backups = backups();
    JobResult result = backups.run(policy, site.shop());
    assertThat(result.outcome()).isEqualTo(JobResult.Outcome.FAILED);
    assertThat(result.errorCode().orElse("")).startsWith("SD-");
    assertThat(result.errorText().orElse("")).contains("nowhere.raw");
    assertThat(site.waiting().points()).isEmpty();
  }

  @Test
  void aDefectIsAResultTooAndTheNextBackupRuns() {
    Sources good = sources;
    sources =
        (entry, location) -> {
          throw new IllegalStateException("broken");
        };
    backups = backups();
    assertThat(backups.run(policy, site.shop()).errorCode()).contains(ErrorCode.INTERNAL.id());
    sources = good;
    backups = backups();
    assertThat(backups.run(policy, site.shop()).outcome()).isEqualTo(JobResult.Outcome.SUCCEEDED);
  }

  @Test
  void aMachineOrRepositoryThatIsNotConfiguredIsNamed() {
    VmId stranger = new VmId(new UUID(9, 9));
    assertThat(backups.run(policy, stranger).errorText().orElse(""))
        .contains("the policy names VM " + stranger);
    ProtectionPolicy elsewhere =
        new ProtectionPolicy(
            policy.id(), "p", policy.edition(), policy.vms(), "attic", 60, 0, true);
    assertThat(backups.run(elsewhere, site.shop()).errorText().orElse("")).contains("\"attic\"");
  }

  @Test
  void aSuspendedLicenceMakesNoPointAndSaysWhy() {
    site.pass(Duration.ofDays(60));
    JobResult result = backups.run(policy, site.shop());
    assertThat(result.errorCode()).contains(ErrorCode.LICENCE_EXPIRED.id());
    assertThat(repositories.open("main").repository().points()).isEmpty();
  }

  @Test
  void aCancelledBackupIsReportedAsCancelled() {
    Sources good = sources;
    sources =
        (entry, location) -> {
          backups.cancel();
          return good.of(entry, location);
        };
    backups = backups();
    JobResult result = backups.run(policy, site.shop());
    assertThat(result.outcome()).isEqualTo(JobResult.Outcome.CANCELLED);
    assertThat(repositories.open("main").repository().points()).isEmpty();
  }

  @Test
  void whatIsReadFromSourcesPassesTheLimitOfTheAppliance() {
    bandwidths = new Bandwidths(1);
    bandwidths.end(); // who would wait is told so
    backups = backups();
    JobResult result = backups.run(policy, site.shop());
    assertThat(result.errorText().orElse("")).contains("waited for bandwidth");
    assertThat(repositories.open("main").repository().points()).isEmpty();
  }

  @Test
  void whatGoesToAndFromStoresPassesTheLimitOfTheAppliance() {
    Bandwidths slow = new Bandwidths(1);
    slow.end();
    try (OpenRepositories throttled =
        new OpenRepositories(
            site.config,
            Environment.of(site.clock, new SecureRandom()),
            slow,
            slow.access(new SecureRandom(), new StoreCounters()))) {
      assertThatThrownBy(() -> throttled.open("main")).hasMessageContaining("waited for bandwidth");
    }
  }

  @Test
  void pointsThatAreFoundAreToldOnceAndOnlyThoseOfConfiguredMachines() throws Exception {
    backups.run(policy, site.shop());
    site.outbox.acknowledged(site.waiting());
    site.points.look(repositories.open("main"));
    assertThat(site.outbox.hasNews()).isFalse();

    try (Site fresh = new Site(Files.createDirectory(folder.resolve("fresh")))) {
      fresh.points.look(repositories.open("main"));
      fresh.points.look(repositories.open("main"));
      assertThat(fresh.waiting().points())
          .singleElement()
          .satisfies(point -> assertThat(point.vm()).isEqualTo(fresh.shop()));
    }
    assertThatThrownBy(() -> repositories.open("attic"))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void whatThePolicyDoesNotKeepIsLetGoAndToldWithItsReason() {
    policy =
        new ProtectionPolicy(
            policy.id(), "two", policy.edition(), policy.vms(), "main", 60, 2, true);
    List<String> made = backUp(4);

    assertThat(live()).containsExactlyElementsOf(made.subList(2, 4));
    assertThat(site.waiting().gone())
        .extracting(PointGone::id)
        .containsExactlyElementsOf(made.subList(0, 2));
    assertThat(site.waiting().gone())
        .allSatisfy(
            gone -> {
              assertThat(gone.reason()).isEqualTo(PointGone.Reason.RETENTION);
              assertThat(gone.detail()).contains("policy \"two\"");
              assertThat(gone.vm()).isEqualTo(site.shop());
            });
    assertThat(site.usage.heldIn("main")).hasSize(2);
  }

  @Test
  void aPolicyByTheCalendarKeepsTheNewestPointOfEachDay() {
    policy =
        policy.with(
            Optional.of(new Retention(0, 0, 3, 0, 0, 0, "Europe/Zurich")),
            Optional.empty(),
            Optional.empty());
    List<String> made = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      made.addAll(backUp(2));
      site.pass(Duration.ofDays(1).minusMinutes(2));
    }
    assertThat(live()).containsExactly(made.get(5), made.get(7), made.get(9));
  }

  @Test
  void aTimeZoneThatIsNotKnownLetsNothingGoAndIsToldUntilItIs() {
    policy =
        policy.with(
            Optional.of(new Retention(1, 0, 0, 0, 0, 0, "Mars/Olympus")),
            Optional.empty(),
            Optional.empty());
    backUp(2);
    assertThat(live()).hasSize(2);
    assertThat(site.troubles.all())
        .singleElement()
        .satisfies(trouble -> assertThat(trouble.text()).contains("Mars/Olympus"));

    policy =
        policy.with(
            Optional.of(new Retention(1, 0, 0, 0, 0, 0, "UTC")),
            Optional.empty(),
            Optional.empty());
    backUp(1);
    assertThat(live()).hasSize(1);
    assertThat(site.troubles.all()).isEmpty();
  }

  @Test
  void aRepositoryThatPromisesLessThanThePolicyDemandsIsRefused() {
    policy =
        policy.with(
            Optional.empty(),
            Optional.empty(),
            Optional.of(new Immutability(Immutability.Mode.GOVERNANCE, 14)));
    JobResult result = backups.run(policy, site.shop());
    assertThat(result.errorCode()).contains(ErrorCode.STORE_UNSUPPORTED.id());
    assertThat(result.errorText().orElse(""))
        .contains("at least 14 days in governance mode", "\"main\" does not lock them")
        .contains("repository init --lock-mode");
    assertThat(live()).isEmpty();
  }

  @Test
  void aDemandIsMetByAsManyDaysInAsStrongAMode() {
    record Case(LockMode mode, int days, Immutability.Mode asked, boolean met) {}
    for (Case each :
        List.of(
            new Case(LockMode.GOVERNANCE, 14, Immutability.Mode.GOVERNANCE, true),
            new Case(LockMode.COMPLIANCE, 14, Immutability.Mode.GOVERNANCE, true),
            new Case(LockMode.COMPLIANCE, 30, Immutability.Mode.COMPLIANCE, true),
            new Case(LockMode.GOVERNANCE, 30, Immutability.Mode.COMPLIANCE, false),
            new Case(LockMode.COMPLIANCE, 13, Immutability.Mode.GOVERNANCE, false))) {
      ProtectionPolicy asking =
          policy.with(
              Optional.empty(), Optional.empty(), Optional.of(new Immutability(each.asked(), 14)));
      Optional<RepositoryLock> lock = Optional.of(new RepositoryLock(each.mode(), each.days()));
      if (each.met()) {
        PolicyTerms.requireLock(asking, lock);
      } else {
        assertThatThrownBy(() -> PolicyTerms.requireLock(asking, lock))
            .as(each.toString())
            .hasMessageContaining("locks them for " + each.days() + " days");
      }
    }
  }

  @Test
  void theLimitOfAPolicyHoldsForItsSourcesAndStoresAndForNoOther() {
    ProtectionPolicy slow = policy.with(Optional.empty(), Optional.of(1), Optional.empty());
    backUp(1); // of the policy without a limit
    bandwidths.end();
    TestDisks.random(folder.resolve("shop.raw"), 0, 3 * MIB, 2);
    assertThat(backups.run(slow, site.shop()).errorText().orElse(""))
        .contains("waited for bandwidth");
    assertThat(backups.run(policy, site.shop()).outcome()).isEqualTo(JobResult.Outcome.SUCCEEDED);
    assertThat(repositories.open(policy)).isSameAs(repositories.open("main"));
  }

  /** Their ids, oldest first. */
  private List<String> backUp(int times) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      TestDisks.random(folder.resolve("shop.raw"), 0, 1000, site.clock.instant().toEpochMilli());
      JobResult result = backups.run(policy, site.shop());
      made.add(result.point().orElseThrow(() -> new AssertionError(result)));
      site.pass(Duration.ofMinutes(1));
    }
    return made;
  }

  private List<String> live() {
    return repositories.open("main").repository().points().stream()
        .map(point -> point.id().toString())
        .toList();
  }

  private Backups backups() {
    return new Backups(
        state,
        repositories,
        bandwidths,
        site.inventory,
        (entry, location) -> sources.of(entry, location),
        site.licence,
        site.outbox,
        site.points,
        site.troubles,
        site.clock,
        new SecureRandom(),
        UUID::randomUUID,
        site.log);
  }

  private SourceConnector disk(Path path) {
    return new DiskSource(
        "shop",
        List.of(new SourceDisk("vda", DiskUri.parse(path.toString()))),
        state.ownerRecords(),
        site.clock);
  }
}
