package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.appliance.cli.TestDisks;
import io.sendense.connectors.disk.DiskSource;
import io.sendense.connectors.disk.DiskUri;
import io.sendense.connectors.disk.SourceDisk;
import io.sendense.engine.state.JobRecord;
import io.sendense.engine.state.StateStore;
import io.sendense.protocol.Health;
import io.sendense.protocol.JobResult;
import io.sendense.protocol.PointGone;
import io.sendense.protocol.ProtectionPolicy;
import io.sendense.repository.decorators.StoreCounters;
import io.sendense.repository.decorators.Throttle;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.local.LocalObjectStore;
import java.io.IOException;
import java.io.RandomAccessFile;
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

/** Housekeeping in a real repository. */
final class ChoresTest {
  private static final HouseRules RULES = new HouseRules(Duration.ofDays(1), Duration.ofDays(1), 2);

  @TempDir Path folder;
  private Site site;
  private StateStore state;
  private OpenRepositories repositories;
  private Backups backups;
  private Chores chores;
  private ProtectionPolicy policy;
  private Path place;
  private final StoreCounters stores = new StoreCounters();

  @BeforeEach
  void open() throws Exception {
    site = new Site(folder);
    site.licence.accept(Grants.answer(1, Site.START, 25));
    DaemonConfig.RepositoryEntry main = site.config.repository("main").orElseThrow();
    place = main.url().directory().orElseThrow();
    Files.createFile(
        main.keyFile(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(main.keyFile(), new byte[32]);
    Environment environment = Environment.of(site.clock, new SecureRandom());
    try (LocalObjectStore store = LocalObjectStore.create(place)) {
      Repository.init(
              store,
              RepositorySecret.keyFile(main.keyFile()),
              RepositorySettings.defaults(),
              environment)
          .close();
    }
    state = StateStore.open(folder.resolve("state"), site.clock);
    Bandwidths bandwidths = new Bandwidths(Throttle.UNLIMITED);
    repositories =
        new OpenRepositories(
            site.config, environment, bandwidths, bandwidths.access(new SecureRandom(), stores));
    Path disk = TestDisks.random(folder.resolve("shop.raw"), 0, 3 << 20, 1);
    backups =
        new Backups(
            state,
            repositories,
            bandwidths,
            site.inventory,
            (entry, location) ->
                new DiskSource(
                    "shop",
                    List.of(new SourceDisk("vda", DiskUri.parse(disk.toString()))),
                    state.ownerRecords(),
                    site.clock),
            site.licence,
            site.outbox,
            site.points,
            site.troubles,
            site.clock,
            new SecureRandom(),
            UUID::randomUUID,
            site.log);
    chores =
        new Chores(
            state,
            site.database,
            repositories,
            site.points,
            site.troubles,
            RULES,
            stores,
            site.clock,
            new SecureRandom(),
            site.log);
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
  void collectionsAndVerificationsAreJobsThatPeopleSee() {
    backUp();
    assertThat(chores.run(Chore.COLLECT, "main")).isTrue();
    assertThat(chores.run(Chore.VERIFY, "main")).isTrue();
    assertThat(chores.run(Chore.VERIFY, "main")).isTrue();

    List<JobRecord> jobs = state.jobs().newest(3);
    assertThat(jobs).extracting(JobRecord::state).containsOnly(JobRecord.State.SUCCEEDED);
    assertThat(jobs)
        .extracting(JobRecord::kind)
        .containsExactly(JobRecord.Kind.VERIFY, JobRecord.Kind.VERIFY, JobRecord.Kind.COLLECT);
    assertThat(site.said()).contains("part 1/2: whole", "part 2/2: whole", "collection of main");
    assertThat(site.said())
        .containsPattern("stores since the start: put [1-9][0-9]* calls 0 failed");
    assertThat(jobs.get(2).reason()).contains("0 packs deleted, 0 given up, 0 rewritten");
  }

  @Test
  void aPointThatAPersonDeletedIsToldOnce() {
    String first = backUp();
    String second = backUp();
    repositories.open("main").repository().deletePoint(PointId.parse(first), "by hand");

    assertThat(chores.run(Chore.LOOK, "main")).isTrue();
    assertThat(chores.run(Chore.LOOK, "main")).isTrue();

    assertThat(site.waiting().gone())
        .singleElement()
        .satisfies(
            gone -> {
              assertThat(gone.id()).isEqualTo(first);
              assertThat(gone.reason()).isEqualTo(PointGone.Reason.DELETED);
              assertThat(gone.at()).isEqualTo(site.clock.instant());
            });
    assertThat(site.usage.heldIn("main")).extracting(Usage.HeldPoint::id).containsExactly(second);
  }

  @Test
  void damageIsToldWithItsPointsUntilItIsMended() throws Exception {
    String point = backUp();
    Path pack = largestPack();
    byte[] good = Files.readAllBytes(pack);
    flip(pack);

    chores.run(Chore.VERIFY, "main");
    chores.run(Chore.VERIFY, "main");
    chores.run(Chore.LOOK, "main");

    assertThat(site.troubles.all())
        .singleElement()
        .satisfies(
            trouble -> {
              assertThat(trouble.level()).isEqualTo(Health.Level.FAILING);
              assertThat(trouble.text()).contains("Repository main is damaged", "repository heal");
            });
    assertThat(site.waiting().gone())
        .singleElement()
        .satisfies(
            gone -> {
              assertThat(gone.id()).isEqualTo(point);
              assertThat(gone.reason()).isEqualTo(PointGone.Reason.DAMAGED);
              assertThat(gone.detail().orElse("")).contains("packs/");
            });
    assertThat(site.usage.heldIn("main")).isEmpty();
    site.outbox.acknowledged(site.waiting());

    pack.toFile().setWritable(true);
    Files.write(pack, good);
    chores.run(Chore.VERIFY, "main");
    chores.run(Chore.LOOK, "main");
    assertThat(site.troubles.all()).isEmpty();
    assertThat(site.waiting().points()).singleElement().extracting("id").isEqualTo(point);
    assertThat(site.usage.heldIn("main")).hasSize(1);
  }

  @Test
  void aRepositoryThatIsAwayIsToldUntilItAnswers() throws Exception {
    backUp();
    repositories.close();
    Path away = place.resolveSibling("away");
    Files.move(place, away);
    assertThat(chores.run(Chore.LOOK, "main")).isFalse();
    assertThat(site.troubles.all())
        .singleElement()
        .satisfies(
            trouble -> {
              assertThat(trouble.level()).isEqualTo(Health.Level.WARNING);
              assertThat(trouble.text()).startsWith("The points of repository main could not be");
            });
    assertThat(site.waiting().gone()).isEmpty();
    assertThat(site.usage.heldIn("main")).hasSize(1);

    Files.move(away, place);
    assertThat(chores.run(Chore.LOOK, "main")).isTrue();
    assertThat(site.troubles.all()).isEmpty();
  }

  private String backUp() {
    JobResult result = backups.run(policy, site.shop());
    site.pass(Duration.ofMinutes(1));
    return result.point().orElseThrow(() -> new AssertionError(result));
  }

  private Path largestPack() throws IOException {
    try (var files = Files.walk(place)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().contains("packs"))
          .max(java.util.Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  private static void flip(Path file) throws IOException {
    assertThat(file.toFile().setWritable(true)).isTrue();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(bytes.length() / 2);
      int one = bytes.read();
      bytes.seek(bytes.length() / 2);
      bytes.write(one ^ 1);
    }
  }
}
