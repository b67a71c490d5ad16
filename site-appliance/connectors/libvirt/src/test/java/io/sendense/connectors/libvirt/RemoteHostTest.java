package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.testkit.GuestModel;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.Ports;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.TlsFolder;
import io.sendense.testkit.libvirt.LibvirtHost;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is reached by TLS, and whose machines' disks are read by TLS. */
@Tag("server")
class RemoteHostTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final RecordsInMemory records = new RecordsInMemory();

  @TempDir(factory = ShortTempDir.class)
  private Path folder = Path.of("");

  /** Libvirt's client looks for other names than its server and NBD do. */
  private static Path clientNames(Path certificates) throws Exception {
    for (String[] pair :
        new String[][] {
          {"ca-cert.pem", "cacert.pem"},
          {"client-cert.pem", "clientcert.pem"},
          {"client-key.pem", "clientkey.pem"}
        }) {
      Files.copy(
          certificates.resolve(pair[0]),
          certificates.resolve(pair[1]),
          StandardCopyOption.REPLACE_EXISTING);
    }
    return certificates;
  }

  @Test
  void disksOfAHostBehindTlsAreReadByTlsAndByNobodyWithoutACertificate() throws Exception {
    Path certificates = clientNames(TlsFolder.make(folder.resolve("ours")));
    Path strangers = clientNames(TlsFolder.make(folder.resolve("theirs")));
    int port = Ports.claim(0, "libvirt");
    try (LibvirtServer server = LibvirtServer.start(LibvirtHost.tls(port, certificates))) {
      TestDomain vm = new TestDomain(server, "t", List.of("qcow2", "qcow2"));
      String remote = "qemu+tls://localhost:" + port + "/session?pkipath=";
      int nbd = Ports.claim(0, "disks");
      LibvirtSourceOptions options =
          LibvirtSourceOptions.of(
              LibvirtUri.parse(remote + certificates),
              vm.uuid(),
              vm.scratch(),
              "tls",
              Optional.of(new LibvirtSourceOptions.Tls("localhost", nbd, certificates)));
      GuestModel model = new GuestModel(vm);
      model.write("vda", 7, 0, 1 << 20);
      LibvirtSource source =
          new LibvirtSource(options, records, TestDomain.CLOCK, new SplittableRandom(4));
      Baseline baseline;
      try (Capture capture = source.capture(Optional.empty())) {
        GuestModel.assertReads(capture, Map.copyOf(model.now()));
        capture.commit();
        baseline = capture.baseline();
      }
      vm.write("vdb", 8, 65536, 65536);
      try (Capture capture = source.capture(Optional.of(baseline))) {
        assertThat(GuestModel.trackedBytes(capture.disks().getLast())).isEqualTo(65536);
      }
      LibvirtSource stranger =
          new LibvirtSource(
              options.withTls(new LibvirtSourceOptions.Tls("localhost", nbd, strangers)),
              records,
              TestDomain.CLOCK,
              new SplittableRandom(5));
      assertThatThrownBy(() -> stranger.capture(Optional.empty()))
          .isInstanceOf(SendenseException.class);
      assertThatThrownBy(
              () ->
                  new LibvirtInventory(LibvirtUri.parse(remote + strangers), options.callDeadline())
                      .machine("t"))
          .isInstanceOf(SendenseException.class);
      assertThat(records.all()).isEmpty();
      assertThat(server.virsh("domjobinfo", "t")).contains("None");
      vm.close();
    }
  }

  @Test
  void aCaptureIsGivenUpBeforeTheScratchSpaceOfItsHostRunsFull() throws Exception {
    Peers.requireRoot("a small file system");
    Path certificates = clientNames(TlsFolder.make(folder.resolve("ours")));
    int port = Ports.claim(0, "libvirt");
    try (LibvirtServer server = LibvirtServer.start(LibvirtHost.tls(port, certificates))) {
      TestDomain vm = new TestDomain(server, "s", List.of("qcow2"));
      ChildProcess.run(
              SOON, "mount", "-t", "tmpfs", "-o", "size=64m,mode=777", "none", "" + vm.scratch())
          .orFail();
      try {
        LibvirtSourceOptions options =
            LibvirtSourceOptions.of(
                    LibvirtUri.parse(
                        "qemu+tls://localhost:" + port + "/session?pkipath=" + certificates),
                    vm.uuid(),
                    vm.scratch(),
                    "space",
                    Optional.of(
                        new LibvirtSourceOptions.Tls(
                            "localhost", Ports.claim(0, "disks"), certificates)))
                .withScratchFloorBytes(8 << 20);
        LibvirtSource source =
            new LibvirtSource(options, records, TestDomain.CLOCK, new SplittableRandom(6));
        assertThat(((Readiness.Ready) source.prepare()).notes().toString())
            .contains("is not watched: no storage pool");
        server.virsh("pool-define-as", "scratch", "dir", "--target", vm.scratch().toString());
        server.virsh("pool-start", "scratch");
        assertThat(source.prepare()).isEqualTo(Readiness.of(List.of(), List.of()));
        Path other = vm.scratch().resolve("other");
        try (Capture capture = source.capture(Optional.empty())) {
          Files.write(other, new byte[60 << 20]);
          server.await(
              "the end of the capture",
              Duration.ofSeconds(30),
              () -> server.virsh("domjobinfo", "s").contains("None"));
          assertThatThrownBy(
                  () -> capture.disks().getFirst().reader().read(0, ByteBuffer.allocate(4096)))
              .isInstanceOfSatisfying(
                  SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
        }
        assertThat(((Readiness.Blocked) source.prepare()).blockers().getFirst().kind())
            .isEqualTo(Blocker.Kind.SPACE);
        Files.delete(other);
        assertThat(records.all()).isEmpty();
      } finally {
        ChildProcess.run(SOON, "umount", "-l", vm.scratch().toString());
      }
      vm.close();
    }
  }
}
