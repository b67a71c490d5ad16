package io.sendense.connectors.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose machines are seen, and captures of machines that move between two real hosts. */
@Tag("server")
class MachinesFoundTest {
  private static LabSite site;
  private static int count;

  private final RecordsInMemory records = new RecordsInMemory();
  private final List<CloudMachine> machines = new ArrayList<>();

  @BeforeAll
  static void start() {
    site = new LabSite("4.23.0.0", 2);
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  @AfterEach
  void remove() {
    machines.forEach(CloudMachine::close);
    assertThat(site.lab.faults().unreached()).isEmpty();
  }

  private CloudMachine machine() {
    CloudMachine made = new CloudMachine(site, "f" + ++count, "kvm1");
    machines.add(made);
    return made;
  }

  private CloudStackInventory inventory(String account) {
    return new CloudStackInventory(
        site.client(site.lab.keys(account), LabSite.DEADLINE), CloudStackScope.OF_THE_KEYS);
  }

  @Test
  void anAdminSeesAllPagesAndAUserOnlyTheirOwn() {
    for (int i = 0; i < 5; i++) {
      machine();
    }
    List<String> seen = new ArrayList<>();
    inventory("admin").machines(vm -> seen.add(vm.name()));
    assertThat(seen).hasSize(5).doesNotHaveDuplicates();

    Machine one = inventory("admin").machine(machines.getFirst().id());
    assertThat(inventory("admin").machine(one.name())).isEqualTo(one);
    assertThat(one.power()).isEqualTo(Machine.Power.RUNNING);
    assertThat(one.hardware())
        .isEqualTo(new Machine.Hardware(1, 64 << 20, Machine.Firmware.BIOS, false));
    assertThat(one.disks()).extracting(Machine.Disk::name).containsExactly("vda", "vdb");
    assertThat(one.nics()).extracting(Machine.Nic::network).containsExactly("guest-net");
    assertThat(one.details()).containsEntry(CloudStackInventory.OFFERING, "tiny");

    List<String> ofUser = new ArrayList<>();
    inventory("uma").machines(vm -> ofUser.add(vm.name()));
    assertThat(ofUser).isEmpty();
    assertThatThrownBy(() -> inventory("uma").machine(one.name()))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }

  @Test
  void anExpiredSignatureIsToldWithKeysAndClock() {
    site.lab.faults().expireSignature();
    assertThatThrownBy(() -> inventory("admin").machines(vm -> {}))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
              assertThat(e.remedy()).contains("clocks");
            });
  }

  @Test
  void aClockThatIsTooLateIsRefusedByTheServer() {
    LabSiteKeys late = new LabSiteKeys(site);
    assertThatThrownBy(() -> late.client(-3600).version())
        .hasMessageContaining("unable to verify user credentials");
    assertThat(late.client(60).version()).isEqualTo(new ApiVersion(4, 23, 0));
  }

  @Test
  void aMachineThatMovedToAnotherHostIsCapturedThereAsTheSame() {
    CloudMachine vm = machine();
    vm.write("vda", 5, 0, 65536);
    Baseline baseline;
    String id;
    try (Capture capture = vm.connector(records).capture(Optional.empty())) {
      id = capture.machine().orElseThrow().id();
      assertThat(capture.notes()).anyMatch(note -> note.contains("kvm1"));
      capture.commit();
      baseline = capture.baseline();
    }
    site.lab.inside().move(vm.id(), "kvm2");
    site.host("kvm2").virsh("suspend", site.lab.inside().instanceName(vm.id()));
    try (Capture capture = vm.connector(records).capture(Optional.of(baseline))) {
      assertThat(capture.notes()).anyMatch(note -> note.contains("kvm2"));
      assertThat(capture.machine().orElseThrow().id()).isEqualTo(id);
      byte[] read = new byte[65536];
      capture.disks().getFirst().reader().read(0, java.nio.ByteBuffer.wrap(read));
      assertThat(read).containsOnly(5);
      assertThat(capture.disks().getFirst().changes()).isInstanceOf(ChangeSet.Untracked.class);
      capture.commit();
    }
    assertThat(records.all()).isEmpty();
  }

  @Test
  void whatWasLeftOnTheOldHostIsRemovedThere() {
    CloudMachine vm = machine();
    Capture left = vm.connector(records).capture(Optional.empty());
    assertThat(left.disks()).hasSize(2);
    assertThat(records.all()).isNotEmpty();
    site.lab.inside().move(vm.id(), "kvm2");
    site.host("kvm2").virsh("suspend", site.lab.inside().instanceName(vm.id()));
    vm.connector(records).reap();
    assertThat(records.all()).isEmpty();
    assertThat(site.scratch("kvm1")).isEmptyDirectory();
  }

  @Test
  void whatCannotBeCapturedIsSaidBefore() {
    CloudMachine vm = machine();
    site.lab.inside().leaveSnapshot(vm.id(), "before-upgrade");
    assertThat(vm.connector(records).prepare())
        .isInstanceOfSatisfying(
            Readiness.Ready.class,
            ready -> assertThat(ready.notes()).anyMatch(note -> note.contains("before-upgrade")));
    site.lab.inside().stop(vm.id());
    assertThat(vm.connector(records).prepare())
        .isInstanceOfSatisfying(
            Readiness.Blocked.class,
            blocked -> assertThat(blocked.blockers().getFirst().what()).contains("is Stopped"));
    assertThatThrownBy(() -> vm.connector(records).capture(Optional.empty()))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_SNAPSHOT_FAILED));
    assertThat(records.all()).isEmpty();
  }
}
