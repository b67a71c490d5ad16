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
import io.sendense.protocol.JobResult;
import io.sendense.protocol.Point;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.protocol.ReportedState;
import io.sendense.repository.decorators.StoreCounters;
import io.sendense.repository.decorators.Throttle;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.local.LocalObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
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
        new OpenRepositories(site.config, environment, StoreAccess.unlimited(new SecureRandom()));
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
            slow.access(new SecureRandom(), new StoreCounters()))) {
      assertThatThrownBy(() -> throttled.open("main")).hasMessageContaining("waited for bandwidth");
    }
  }

  @Test
  void pointsThatAreFoundAreToldOnceAndOnlyThoseOfConfiguredMachines() throws Exception {
    backups.run(policy, site.shop());
    site.outbox.acknowledged(site.waiting());
    backups.findPoints("main");
    assertThat(site.outbox.hasNews()).isFalse();

    try (Site fresh = new Site(Files.createDirectory(folder.resolve("fresh")))) {
      Backups other =
          new Backups(
              state,
              repositories,
              bandwidths,
              fresh.inventory,
              sources,
              fresh.licence,
              fresh.outbox,
              fresh.usage,
              fresh.clock,
              new SecureRandom(),
              UUID::randomUUID,
              fresh.log);
      other.findPoints("main");
      other.findPoints("main");
      assertThat(fresh.waiting().points())
          .singleElement()
          .satisfies(point -> assertThat(point.vm()).isEqualTo(fresh.shop()));
    }
    assertThatThrownBy(() -> backups.findPoints("attic"))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
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
        site.usage,
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
