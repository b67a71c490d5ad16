package io.sendense.appliance.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.licensing.grant.LicenceState;
import io.sendense.licensing.grant.Operation;
import io.sendense.licensing.grant.Stage;
import io.sendense.licensing.grant.TrustSet;
import io.sendense.testkit.Folders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lives of an appliance: time passes, clocks jump, the cloud is lost, the licence runs out
 * or is refused, state is rolled back or tampered with, keys and hardware change. Restores are
 * never refused, and new points exactly when promise 1 says so.
 */
final class LicenceWalkTest {
  private static final int WALKS = 20;
  private static final int STEPS = 60;
  private static final HardwareFacts OWN = new HardwareFacts(Map.of("board", "1", "disk", "2"));
  private static final HardwareFacts OTHER = new HardwareFacts(Map.of("board", "3", "disk", "4"));
  private static final Set<Operation> NEVER_REFUSED =
      EnumSet.of(
          Operation.RESTORE,
          Operation.FILE_RECOVERY,
          Operation.EXPORT,
          Operation.FAILOVER,
          Operation.VERIFY);

  private enum Step {
    TIME_PASSES,
    CLOCK_JUMPS_AHEAD,
    CLOCK_JUMPS_BACK,
    REBOOT,
    LEASE_RENEWED,
    CLOUD_LOST_FOR_WEEKS,
    LICENCE_TAMPERED,
    LEASE_TAMPERED,
    STATE_KEPT_ASIDE,
    STATE_ROLLED_BACK,
    TRUST_LOST,
    TRUST_BACK,
    OTHER_HARDWARE,
    OWN_HARDWARE
  }

  /** What most of a life is made of, so that every stage is lived through. */
  private static final List<Step> USUAL =
      List.of(
          Step.TIME_PASSES,
          Step.TIME_PASSES,
          Step.LEASE_RENEWED,
          Step.TRUST_BACK,
          Step.OWN_HARDWARE,
          Step.CLOUD_LOST_FOR_WEEKS);

  @TempDir Path folder;
  private final Set<Step> stepped = EnumSet.noneOf(Step.class);
  private final Set<Stage> reached = EnumSet.noneOf(Stage.class);
  private int refusedPoints;

  @Test
  void restoresAreNeverRefusedAndNewPointsExactlyWhenPromised() throws IOException {
    for (int walk = 0; walk < WALKS; walk++) {
      walk(RandomGenerator.getDefault().nextLong(), folder.resolve("walk" + walk));
    }
    assertThat(stepped).isEqualTo(EnumSet.allOf(Step.class));
    assertThat(reached).isEqualTo(EnumSet.allOf(Stage.class));
    assertThat(refusedPoints).isPositive();
  }

  private void walk(long seed, Path home) throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Files.createDirectories(home);
    try (Life life = new Life(new Site(home), home.resolve("aside"))) {
      life.site.hardware = OWN;
      life.site.restart();
      List<Step> taken = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        Step step = USUAL.get(random.nextInt(USUAL.size()));
        if (random.nextInt(3) == 0) {
          step = Step.values()[random.nextInt(Step.values().length)];
        }
        taken.add(step);
        life.take(step, random);
        judge(life, "seed " + seed + " " + taken + ", clock " + life.site.clock.instant());
      }
      stepped.addAll(taken);
    }
    Folders.delete(home);
  }

  private void judge(Life life, String where) {
    LicenceState state = life.look();
    Stage expected = life.model.stage(life.site.clock.instant());
    assertThat(state.stage()).as(where).isEqualTo(expected);
    assertThat(state.licence().isPresent()).as(where).isEqualTo(life.model.isLicensed());
    reached.add(expected);
    for (Operation operation : NEVER_REFUSED) {
      assertThat(state.allows(operation).isAllowed()).as(where + ": " + operation).isTrue();
    }
    if (expected != Stage.VALID) {
      assertThat(state.warnings()).as(where).isNotEmpty();
    }
    Optional<ErrorCode> known = refusal(() -> life.site.licence.checkNewPoint("a", Set.of("a")));
    assertThat(known.isPresent()).as(where).isEqualTo(expected == Stage.SUSPENDED);
    Optional<ErrorCode> fresh = refusal(() -> life.site.licence.checkNewPoint("b", Set.of("a")));
    assertThat(fresh.isPresent())
        .as(where)
        .isEqualTo(expected == Stage.SUSPENDED || expected == Stage.RESTRICTED);
    refusedPoints += known.isPresent() ? 1 : 0;
  }

  private static Optional<ErrorCode> refusal(Runnable asked) {
    try {
      asked.run();
      return Optional.empty();
    } catch (SendenseException e) {
      return Optional.of(e.code());
    }
  }

  /** An appliance, what should hold of it, and the true time that only the cloud knows. */
  private static final class Life implements AutoCloseable {
    private final Site site;
    private final Path aside;
    private final LicenceModel model = new LicenceModel();
    private LicenceModel.Disk kept = model.disk;
    private boolean isKept;
    private Instant trueTime = Site.START;
    private long sequence;
    private long looked;

    Life(Site site, Path aside) {
      this.site = site;
      this.aside = aside;
      this.looked = site.nanos.get();
    }

    LicenceState look() {
      LicenceState state = site.licence.state();
      model.looked(site.clock.instant(), Duration.ofNanos(site.nanos.get() - looked));
      looked = site.nanos.get();
      return state;
    }

    void take(Step step, RandomGenerator random) throws IOException {
      switch (step) {
        case TIME_PASSES -> pass(Duration.ofHours(random.nextInt(1, 200)));
        case CLOUD_LOST_FOR_WEEKS -> pass(Duration.ofDays(random.nextInt(7, 40)));
        case CLOCK_JUMPS_AHEAD -> site.clock.advance(Duration.ofHours(random.nextInt(1, 600)));
        case CLOCK_JUMPS_BACK ->
            site.clock.set(site.clock.instant().minus(Duration.ofHours(random.nextInt(1, 4000))));
        case REBOOT -> reboot();
        case LEASE_RENEWED -> renew();
        case LICENCE_TAMPERED -> tamper("licence", true);
        case LEASE_TAMPERED -> tamper("lease", false);
        case STATE_KEPT_ASIDE -> keep();
        case STATE_ROLLED_BACK -> rollBack();
        case TRUST_LOST -> trust(TrustSet.of(List.of()), false);
        case TRUST_BACK -> trust(Grants.trust(), true);
        case OTHER_HARDWARE -> hardware(OTHER, false);
        case OWN_HARDWARE -> hardware(OWN, true);
      }
    }

    private void pass(Duration time) {
      site.pass(time);
      trueTime = trueTime.plus(time);
    }

    private void reboot() {
      site.restart();
      looked = site.nanos.get();
    }

    /** The cloud's clock is right, and it never gives a sequence twice. */
    private void renew() {
      sequence++;
      boolean taken = refusal(() -> accept(sequence)).isEmpty();
      assertThat(taken).isEqualTo(model.renewed(sequence, trueTime));
      if (taken) {
        looked = site.nanos.get();
      }
    }

    private void accept(long number) {
      site.licence.accept(Grants.boundAnswer(number, trueTime, OWN));
    }

    private void tamper(String setting, boolean licence) {
      if (site.database.setting(setting).isPresent()) {
        String text = site.database.setting(setting).orElseThrow();
        site.database.set(setting, text.replace("\"payload\":\"e", "\"payload\":\"f"));
        model.tamper(licence);
      }
    }

    private void keep() throws IOException {
      site.database.close();
      Folders.delete(aside);
      Files.createDirectories(aside);
      copy(site.folder, aside);
      site.open();
      looked = site.nanos.get();
      kept = model.disk;
      isKept = true;
    }

    private void rollBack() throws IOException {
      if (isKept) {
        site.database.close();
        copy(aside, site.folder);
        site.open();
        looked = site.nanos.get();
        model.disk = kept;
      }
    }

    private void trust(TrustSet trust, boolean trusted) {
      site.trust = trust;
      model.trusted = trusted;
      reboot();
    }

    private void hardware(HardwareFacts facts, boolean same) {
      site.hardware = facts;
      model.sameHardware = same;
      reboot();
    }

    private static void copy(Path from, Path to) throws IOException {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(from, "daemon.db*")) {
        for (Path file : files) {
          Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }

    @Override
    public void close() {
      site.close();
    }
  }
}
