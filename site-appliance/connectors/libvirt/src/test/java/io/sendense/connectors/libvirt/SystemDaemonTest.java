package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.testkit.GuestModel;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The daemon of a whole machine, which is root while its QEMUs are not. */
@Tag("server")
class SystemDaemonTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final RecordsInMemory records = new RecordsInMemory();

  @Test
  void machinesOfTheSystemDaemonAreCapturedAndTracked() {
    try (LibvirtServer server = LibvirtServer.startSystem()) {
      assertThat(server.uri()).startsWith("qemu:///system");
      TestDomain vm = new TestDomain(server, "sys", List.of("qcow2", "raw"));
      assertThat(server.qemu("sys").info().user()).isNotEqualTo(Optional.of("root"));
      GuestModel model = new GuestModel(vm);
      model.write("vda", 7, 0, 1 << 20);
      Baseline baseline;
      try (Capture capture = vm.connector(records).capture(Optional.empty())) {
        GuestModel.assertReads(capture, Map.copyOf(model.now()));
        capture.commit();
        baseline = capture.baseline();
      }
      model.write("vda", 8, 65536, 65536);
      try (Capture capture = vm.connector(records).capture(Optional.of(baseline))) {
        GuestModel.assertReads(capture, Map.copyOf(model.now()));
        assertThat(GuestModel.trackedBytes(capture.disks().getFirst())).isEqualTo(65536);
        capture.commit();
      }
      server.killDaemon();
      assertThatThrownBy(
              () -> new LibvirtInventory(LibvirtUri.parse(server.uri()), DEADLINE).machine("sys"))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
                assertThat(e.remedy()).contains("Nobody answers at");
              });
      server.startAgain();
      vm.connector(records).forget();
      assertThat(vm.remains())
          .noneMatch(one -> one.startsWith("file") || one.startsWith("checkpoint "));
      vm.close();
    }
  }

  private static ConnectFailure failure(
      String uri, ErrorCode code, Predicate<Path> isThere, Predicate<Path> isWritable) {
    return ConnectFailure.of(LibvirtUri.parse(uri), code, isThere, isWritable);
  }

  @Test
  void whoMayNotConnectIsToldWhatToDo() {
    ConnectFailure absent =
        failure("qemu:///system", ErrorCode.SOURCE_PROTOCOL, _ -> false, _ -> false);
    assertThat(absent.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(absent.remedy())
        .contains("/run/libvirt/libvirt-sock or /run/libvirt/virtqemud-sock")
        .contains("virtqemud.socket");
    ConnectFailure modular =
        failure(
            "qemu:///system",
            ErrorCode.SOURCE_PROTOCOL,
            path -> path.endsWith("virtqemud-sock"),
            _ -> false);
    assertThat(modular.code()).isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(modular.remedy())
        .contains("may not write to /run/libvirt/virtqemud-sock")
        .contains("usermod -aG libvirt");
    assertThat(
            failure(
                    "qemu:///system?socket=/a%20b/sock",
                    ErrorCode.SOURCE_PROTOCOL, path -> path.equals(Path.of("/a b/sock")), _ -> true)
                .remedy())
        .startsWith("Nobody answers at /a b/sock");
    assertThat(failure("qemu:///system", ErrorCode.UNAUTHENTICATED, _ -> true, _ -> true).remedy())
        .contains("org.libvirt.unix.manage");
    assertThat(
            failure("qemu+ssh://h/system", ErrorCode.SOURCE_PROTOCOL, _ -> true, _ -> true)
                .remedy())
        .contains("virsh -c 'qemu+ssh://h/system?no_tty=1' list");
  }
}
