package io.sendense.connectors.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineDraft;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.lab.guest.BootSectorGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines made of restored disks, and what a failure at each step leaves, which is nothing. */
@Tag("server")
class MachinesMadeTest {
  private static final long BYTES = 4 << 20;
  private static LabSite site;
  private static int count;

  private final RecordsInMemory records = new RecordsInMemory();
  private List<String> before = List.of();
  private String name = "";

  @BeforeAll
  static void start() {
    site = new LabSite("4.22.1.0", 1);
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  @BeforeEach
  void look() {
    before = everything(site);
    name = "restored-" + ++count;
  }

  @AfterEach
  void everyFaultWasReached() {
    assertThat(site.lab.faults().unreached()).isEmpty();
  }

  private static List<String> everything(LabSite site) {
    try (Stream<Path> pool = Files.list(site.lab.pool());
        Stream<Path> secondary = Files.list(site.lab.secondary())) {
      return Stream.concat(
              site.lab.inside().everything().stream(),
              Stream.concat(pool, secondary).map(file -> file.getFileName().toString()).sorted())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private MachinePlan plan() {
    return new MachinePlan(
        name,
        new Machine.Hardware(1, 64 << 20, Machine.Firmware.BIOS, false),
        List.of(new MachinePlan.Disk("vda", BYTES), new MachinePlan.Disk("vdb", BYTES)),
        List.of(
            new MachinePlan.Nic("guest-net", Optional.of("02:00:11:22:33:44")),
            new MachinePlan.Nic("backend-net", Optional.empty())),
        Map.of());
  }

  private static void fill(MachineDraft draft, MachinePlan plan) {
    for (MachinePlan.Disk each : plan.disks()) {
      try (TargetDisk disk = draft.createDisk(each.name(), each.sizeBytes())) {
        if (each.name().equals("vda")) {
          // As a restore does, in whole clusters of the image.
          disk.write(0, ByteBuffer.wrap(Arrays.copyOf(BootSectorGuest.bootSector(), 65536)));
        }
        disk.flush();
        disk.finish();
      }
    }
  }

  private CloudStackTarget target(LabSite site, boolean byImport) {
    return site.target(site.client(), CloudStackScope.OF_THE_KEYS, byImport, records);
  }

  private void bootsAndKeepsRecords(LabSite site, boolean byImport) {
    MachinePlan plan = plan();
    Machine made;
    try (MachineDraft draft = target(site, byImport).begin(plan)) {
      fill(draft, plan);
      made = draft.make();
      assertThat(made.power()).isEqualTo(Machine.Power.OFF);
      draft.start();
      draft.keep();
    }
    assertThat(records.all()).isEmpty();
    assertThat(made.disks()).extracting(Machine.Disk::name).containsExactly("vda", "vdb");
    assertThat(made.nics())
        .extracting(Machine.Nic::network)
        .containsExactly("guest-net", "backend-net");
    assertThat(made.nics().getFirst().mac()).contains("02:00:11:22:33:44");
    site.host("kvm1")
        .awaitText(
            site.lab.inside().console(made.id()),
            BootSectorGuest.FOUND + "00000000\\s+" + BootSectorGuest.ACKNOWLEDGED + "00000000",
            Duration.ofSeconds(60));
    site.lab.inside().expunge(made.id());
  }

  @Test
  void importedFromThePoolAMachineBootsFromItsDisks() {
    bootsAndKeepsRecords(site, true);
  }

  @Test
  void uploadedToTheOldestVersionItBootsToo() {
    try (LabSite old = new LabSite("4.18.0.0", 1)) {
      bootsAndKeepsRecords(old, false);
      // The template; the data volume of the machine that was then expunged is rightly there.
      assertThat(old.lab.inside().everything()).noneMatch(each -> each.contains("-vda.qcow2"));
      assertThat(target(old, true).check(plan()))
          .isInstanceOfSatisfying(
              Readiness.Blocked.class,
              blocked ->
                  assertThat(blocked.blockers())
                      .extracting(Blocker::what)
                      .anyMatch(what -> what.contains("imports no volumes")));
    }
  }

  private void failsAndLeavesNothing(boolean byImport, String says) {
    MachinePlan plan = plan();
    try (MachineDraft draft = target(site, byImport).begin(plan)) {
      assertThatThrownBy(
              () -> {
                fill(draft, plan);
                draft.make();
                draft.start();
              })
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining(says);
    }
    assertThat(records.all()).isEmpty();
    assertThat(everything(site)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "importVm",
        "importVolume",
        "attachVolume",
        "addNicToVirtualMachine",
        "startVirtualMachine"
      })
  void aJobThatDidEverythingAndThenFailedIsUndone(String command) {
    site.lab.faults().failJobLate(command, 530, "Resource unreachable after all of " + command);
    failsAndLeavesNothing(true, "after all of " + command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"deployVirtualMachine", "attachVolume", "startVirtualMachine"})
  void soItIsWithUploads(String command) {
    site.lab.faults().failJobLate(command, 533, "Insufficient capacity after " + command);
    failsAndLeavesNothing(false, "Insufficient capacity after " + command);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 430, 431, 530, 533, 535})
  void aRefusedCallIsToldInCloudStacksWordsAndUndone(int code) {
    site.lab.faults().refuse("importVolume", code, "because of " + code);
    failsAndLeavesNothing(true, "because of " + code);
  }

  @Test
  void anAnswerThatNeverCameIsNotSentAgainAndUndone() {
    site.lab.faults().drop("importVm");
    failsAndLeavesNothing(true, "importVm");
  }

  @Test
  void aListWhoseAnswerWasLostIsAskedForAgain() {
    site.lab.faults().drop("listServiceOfferings");
    site.lab
        .faults()
        .refuse("listNetworks", 429, "The given user has reached his/her account api limit");
    assertThat(target(site, true).check(plan())).isInstanceOf(Readiness.Ready.class);
  }

  @Test
  void aJobThatRunsOnIsEndedBeforeItsThingsAreRemovedByTheNextProcess() {
    MachinePlan plan = plan();
    CloudStackClient hasty = site.client(site.lab.adminKeys(), Duration.ofMillis(300));
    MachineDraft draft = site.target(hasty, CloudStackScope.OF_THE_KEYS, true, records).begin(plan);
    fill(draft, plan);
    site.lab.holdJobs();
    try {
      assertThatThrownBy(draft::make)
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
      assertThatThrownBy(draft::close).isInstanceOf(SendenseException.class);
      assertThat(records.all()).isNotEmpty();
    } finally {
      site.lab.releaseJobs();
    }
    target(site, true).reap();
    assertThat(records.all()).isEmpty();
    assertThat(everything(site)).isEqualTo(before);
  }

  @Test
  void whatAKilledProcessMadeIsRemovedByTheNext() {
    MachinePlan plan = plan();
    MachineDraft left = target(site, true).begin(plan);
    fill(left, plan);
    left.make();
    left.start();
    target(site, true).reap();
    assertThat(records.all()).isEmpty();
    assertThat(everything(site)).isEqualTo(before);
  }

  @Test
  void aUserRestoresByUploadAndMayNotExpungeWhatFailed() {
    MachinePlan plan = plan();
    CloudStackClient user = site.client(site.lab.keys("uma"), LabSite.DEADLINE);
    CloudStackTarget target = site.target(user, CloudStackScope.OF_THE_KEYS, false, records);
    site.lab.faults().failJobLate("startVirtualMachine", 530, "no luck");
    try (MachineDraft draft = target.begin(plan)) {
      fill(draft, plan);
      draft.make();
      assertThatThrownBy(draft::start).hasMessageContaining("no luck");
    }
    assertThat(records.all()).isEmpty();
    assertThat(site.lab.inside().everything()).contains(name + " Destroyed");
    site.lab.inside().expungeDestroyed();
    assertThat(everything(site)).isEqualTo(before);
  }

  @Test
  void aProjectOwnsWhatIsRestoredForIt() {
    MachinePlan plan = plan();
    CloudStackClient client = site.client();
    CloudStackScope project =
        CloudStackScope.find(
            client, Optional.empty(), Optional.empty(), Optional.of("uma-project"));
    try (MachineDraft draft = site.target(client, project, true, records).begin(plan)) {
      fill(draft, plan);
      Machine made = draft.make();
      assertThat(new CloudStackInventory(client, project).machine(name)).isEqualTo(made);
      CloudStackScope account =
          CloudStackScope.find(
              client, Optional.of("uma"), Optional.of("ROOT/dev"), Optional.empty());
      assertThatThrownBy(() -> new CloudStackInventory(client, account).machine(name))
          .isInstanceOf(SendenseException.class);
    }
    assertThat(everything(site)).isEqualTo(before);
  }

  @Test
  void aMachineOfTheSameNameThatIsNotOursStays() {
    String foreign = site.lab.inside().addMachine(name, "tiny", List.of(site.image(BYTES)));
    assertThatThrownBy(() -> target(site, true).begin(plan()))
        .hasMessageContaining("is there already");
    target(site, true).reap();
    assertThat(site.lab.inside().everything()).anyMatch(each -> each.startsWith(name + " "));
    site.lab.inside().expunge(foreign);
  }

  @Test
  void everythingThatStandsInTheWayIsToldBeforeTheFirstByte() {
    site.lab.inside().setPoolState("Maintenance");
    site.lab.inside().limit("admin", "vm", 0);
    try {
      MachinePlan plan =
          new MachinePlan(
              "9 lives",
              new Machine.Hardware(1, 64 << 20, Machine.Firmware.UEFI, false),
              plan().disks(),
              List.of(new MachinePlan.Nic("VM Network", Optional.empty())),
              Map.of());
      Readiness.Blocked blocked = (Readiness.Blocked) target(site, true).check(plan);
      assertThat(blocked.blockers())
          .extracting(Blocker::kind)
          .contains(
              Blocker.Kind.NAME, Blocker.Kind.NETWORK, Blocker.Kind.FIRMWARE, Blocker.Kind.SPACE);
      assertThat(blocked.blockers())
          .extracting(Blocker::what)
          .anyMatch(what -> what.contains("Maintenance"))
          .anyMatch(what -> what.contains("0 more machine"))
          .anyMatch(what -> what.contains("no network VM Network"));
      assertThat(blocked.blockers())
          .extracting(Blocker::remedy)
          .anyMatch(remedy -> remedy.contains("guest-net, backend-net"));
    } finally {
      site.lab.inside().setPoolState("Up");
      site.lab.inside().limit("admin", "vm", -1);
    }
    assertThat(everything(site)).isEqualTo(before);
  }
}
