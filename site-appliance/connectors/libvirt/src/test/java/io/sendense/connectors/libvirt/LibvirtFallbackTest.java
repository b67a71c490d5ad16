package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.testkit.GuestModel;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every way in which libvirt and QEMU lose track or go away, on the real ones. */
@Tag("server")
class LibvirtFallbackTest {
  private static LibvirtServer server;
  private static int count;

  private final RecordsInMemory records = new RecordsInMemory();
  private final List<TestDomain> machines = new ArrayList<>();

  @BeforeAll
  static void startLibvirt() {
    server = LibvirtServer.start();
  }

  @AfterAll
  static void stopLibvirt() {
    if (server != null) {
      server.close();
    }
  }

  @AfterEach
  void removeMachines() {
    machines.forEach(TestDomain::close);
  }

  private TestDomain machine(String... formats) {
    count++;
    TestDomain made = new TestDomain(server, "f" + count, List.of(formats));
    machines.add(made);
    return made;
  }

  private Baseline committed(TestDomain vm, Optional<Baseline> before) {
    try (Capture capture = vm.connector(records).capture(before)) {
      capture.commit();
      return capture.baseline();
    }
  }

  private static String reason(CapturedDisk disk) {
    return ((ChangeSet.Untracked) disk.changes()).reason();
  }

  @Test
  void theInventoryShowsMachinesAndTheirDisks() {
    TestDomain vm = machine("qcow2", "raw");
    LibvirtInventory inventory =
        new LibvirtInventory(LibvirtUri.parse(server.uri()), Duration.ofSeconds(30));
    List<String> names = new ArrayList<>();
    inventory.machines(machine -> names.add(machine.name()));
    assertThat(names).contains(vm.name());

    Machine machine = inventory.machine(vm.name());
    assertThat(inventory.machine(machine.id())).isEqualTo(machine);
    assertThat(machine.power()).isEqualTo(Machine.Power.PAUSED);
    assertThat(machine.hardware())
        .isEqualTo(new Machine.Hardware(1, 32 << 20, Machine.Firmware.BIOS, false));
    assertThat(machine.disks())
        .extracting(Machine.Disk::name, Machine.Disk::sizeBytes, Machine.Disk::medium)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("vda", 8L << 20, "qcow2"),
            org.assertj.core.groups.Tuple.tuple("vdb", 8L << 20, "raw"));
    assertThat(machine.nics())
        .containsExactly(new Machine.Nic("user", Optional.of("52:54:00:11:22:33")));
    assertThatThrownBy(() -> inventory.machine("nobody"))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void afterQemuWasKilledTheBitmapIsBrokenAndTheNextChainIsGood() {
    TestDomain vm = machine("qcow2");
    Baseline lost = committed(vm, Optional.empty());
    vm.write("vda", 5, 0, 65536);
    server.killQemu(vm.name());
    vm.start();
    Baseline next;
    try (Capture capture = vm.connector(records).capture(Optional.of(lost))) {
      assertThat(reason(capture.disks().getFirst())).contains("missing or broken bitmap");
      capture.commit();
      next = capture.baseline();
    }
    vm.write("vda", 6, 1 << 20, 65536);
    try (Capture capture = vm.connector(records).capture(Optional.of(next))) {
      assertThat(GuestModel.trackedBytes(capture.disks().getFirst())).isEqualTo(65536);
    }
    assertThat(server.virsh("checkpoint-list", vm.name(), "--name").strip().lines()).hasSize(1);
  }

  @Test
  void checkpointsOutliveACleanRestart() {
    TestDomain vm = machine("qcow2");
    Baseline baseline = committed(vm, Optional.empty());
    vm.write("vda", 5, 0, 65536);
    server.virsh("destroy", vm.name());
    vm.start();
    try (Capture capture = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(GuestModel.trackedBytes(capture.disks().getFirst())).isEqualTo(65536);
    }
  }

  @Test
  void aTransientMachineIsComparedInFullEachTime() {
    TestDomain vm = machine("qcow2");
    server.virsh("undefine", vm.name());
    Baseline baseline = committed(vm, Optional.empty());
    try (Capture capture = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(reason(capture.disks().getFirst())).contains("transient");
      capture.commit();
    }
    assertThat(records.all()).isEmpty();
  }

  @Test
  void aRawDiskIsComparedWhileTheOthersAreTracked() {
    TestDomain vm = machine("qcow2", "raw");
    Baseline baseline = committed(vm, Optional.empty());
    vm.write("vda", 5, 0, 65536);
    vm.write("vdb", 5, 0, 65536);
    try (Capture capture = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(GuestModel.trackedBytes(capture.disks().getFirst())).isEqualTo(65536);
      assertThat(reason(capture.disks().getLast())).contains("raw keeps no dirty bitmap");
    }
  }

  @Test
  void checkpointsOfOthersStayAndOursStillTell() {
    TestDomain vm = machine("qcow2");
    server.virsh("checkpoint-create-as", vm.name(), "foreign1");
    Baseline baseline = committed(vm, Optional.empty());
    server.virsh("checkpoint-create-as", vm.name(), "foreign2");
    vm.write("vda", 5, 0, 65536);
    try (Capture capture = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(GuestModel.trackedBytes(capture.disks().getFirst())).isEqualTo(65536);
      capture.commit();
      baseline = capture.baseline();
    }
    vm.connector(records).capture(Optional.of(baseline)).close();
    vm.connector(records).forget();
    assertThat(server.virsh("checkpoint-list", vm.name(), "--name").lines())
        .filteredOn(line -> !line.isBlank())
        .containsExactlyInAnyOrder("foreign1", "foreign2");
  }

  @Test
  void aCheckpointThatSomebodyDeletedIsSaidToBeGone() {
    TestDomain vm = machine("qcow2");
    Baseline baseline = committed(vm, Optional.empty());
    String ours = server.virsh("checkpoint-list", vm.name(), "--name").strip();
    server.virsh("checkpoint-delete", vm.name(), ours);
    try (Capture capture = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(reason(capture.disks().getFirst())).contains("no longer there");
    }
  }

  @Test
  void aMachinePoweredOffDuringACaptureSaysSoAndLosesNoWrite() throws Exception {
    TestDomain vm = machine("qcow2");
    Baseline baseline = committed(vm, Optional.empty());
    vm.write("vda", 5, 0, 65536);
    Capture capture = vm.connector(records).capture(Optional.of(baseline));
    vm.write("vda", 6, 1 << 20, 65536);
    server.virsh("destroy", vm.name());
    assertThatThrownBy(() -> capture.disks().getFirst().reader().read(0, ByteBuffer.allocate(512)))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("powered off");
    capture.close();
    assertThat(files(vm.scratch())).isEmpty();
    assertThat(vm.connector(records).prepare())
        .isInstanceOfSatisfying(
            Readiness.Blocked.class,
            blocked -> assertThat(blocked.blockers().getFirst().what()).contains("is off"));
    vm.start();
    try (Capture next = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(GuestModel.trackedBytes(next.disks().getFirst())).isEqualTo(2 * 65536);
    }
    assertThat(records.all()).isEmpty();
  }

  @Test
  void whenLibvirtIsKilledDuringACaptureTheNextProcessCleansUp() throws Exception {
    TestDomain vm = machine("qcow2");
    Baseline baseline = committed(vm, Optional.empty());
    List<String> before = vm.remains();
    Capture capture = vm.connector(records).capture(Optional.of(baseline));
    vm.write("vda", 6, 1 << 20, 65536);
    server.killDaemon();
    assertThatThrownBy(capture::close).isInstanceOf(SendenseException.class);
    server.startAgain();

    vm.connector(records).reap();

    assertThat(vm.remains()).isEqualTo(before);
    assertThat(records.all()).isEmpty();
    try (Capture next = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(GuestModel.trackedBytes(next.disks().getFirst())).isEqualTo(65536);
    }
  }

  @Test
  void aBackupOfSomebodyElseIsLeftToThem() throws Exception {
    TestDomain vm = machine("qcow2");
    Path xml = vm.scratch().resolve("b.xml");
    Files.writeString(
        xml,
        "<domainbackup mode='pull'><server transport='unix' socket='%s'/></domainbackup>"
            .formatted(vm.scratch().resolve("other.nbd")));
    server.virsh("backup-begin", vm.name(), xml.toString());
    assertThatThrownBy(() -> vm.connector(records).capture(Optional.empty()))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("by somebody else");
    vm.connector(records).reap();
    assertThat(server.virsh("backup-dumpxml", vm.name())).contains("other.nbd");
    server.virsh("domjobabort", vm.name());
  }

  @Test
  void aScratchThatIsAboutToFillEndsTheCaptureAndNotTheGuest() {
    TestDomain vm = machine("qcow2");
    List<String> before = vm.remains();
    AtomicLong free = new AtomicLong(1L << 40);
    LibvirtSource source =
        new LibvirtSource(
            vm.options(), records, TestDomain.CLOCK, new SplittableRandom(1), _ -> free.get());
    GuestModel model = new GuestModel(vm);
    model.write("vda", 5, 0, 1 << 20);
    try (Capture capture = source.capture(Optional.empty())) {
      free.set(1000);
      Pause.until(
          "the end of the capture",
          Duration.ofSeconds(30),
          () -> server.virsh("domjobinfo", vm.name()).contains("None"));
      assertThatThrownBy(
              () -> capture.disks().getFirst().reader().read(0, ByteBuffer.allocate(512)))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
      model.write("vda", 6, 0, 2 << 20);
    }
    assertThat(vm.remains()).isEqualTo(before);
    assertThat(source.prepare())
        .isInstanceOfSatisfying(
            Readiness.Blocked.class,
            blocked -> assertThat(blocked.blockers().getFirst().what()).contains("1000 bytes"));
    free.set(1L << 40);
    try (Capture capture = source.capture(Optional.empty())) {
      GuestModel.assertReads(capture, Map.copyOf(model.now()));
    }
  }

  @Test
  void aDaemonThatHangsIsGivenUpAfterTheDeadline() throws Exception {
    try (LibvirtServer hanging = LibvirtServer.start()) {
      LibvirtUri uri = LibvirtUri.parse(hanging.uri());
      hanging.stopResponding();
      assertThatThrownBy(() -> Libvirt.open(uri, Duration.ofMillis(500)))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }
  }

  private static List<String> files(Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
