package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long an incremental backup of a large disk takes in which nothing changed. */
@Tag("server")
class KvmIdleTest {
  private static final Pattern READ = Pattern.compile("\"bytesRead\":([0-9]+)");
  private static final Pattern SECONDS = Pattern.compile("\"durationSeconds\":([0-9.]+)");
  private static final int GIBIBYTES = 64;

  @TempDir(factory = ShortTempDir.class)
  private Path folder = Path.of("");

  @Test
  void anIdleDiskOf64GibibytesIsBackedUpAgainByItsSamplesAlone() throws Exception {
    InProcess cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    try (LibvirtServer server = LibvirtServer.start()) {
      Path scratch = Files.createDirectories(server.folder().resolve("big"));
      ChildProcess.run(
              Duration.ofSeconds(30),
              Peers.require("qemu-img").toString(),
              "create",
              "-q",
              "-f",
              "qcow2",
              server.folder() + "/big.qcow2",
              GIBIBYTES + "G")
          .orFail();
      server.own(server.folder());
      server.define(
          """
          <domain type='qemu'><name>big</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
          <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>
          <disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
          <source file='%s/big.qcow2'/><target dev='vda' bus='virtio'/></disk></devices></domain>
          """
              .formatted(server.folder()));
      server.virsh("start", "--paused", "big");
      for (int i = 0; i < GIBIBYTES; i++) {
        server.virsh(
            "qemu-monitor-command",
            "big",
            "--hmp",
            "qemu-io -d /machine/peripheral/virtio-disk0/virtio-backend \"write -q -P %d %d 1M\""
                .formatted(i + 1, (long) i << 30));
      }
      String[] last = new String[1];
      for (String mode : new String[] {"full", "incremental"}) {
        last[0] =
            cli.run(
                    "kvm",
                    "backup",
                    "--uri",
                    server.uri(),
                    "--repository",
                    cli.repository(),
                    "--vm",
                    "big",
                    "--scratch",
                    scratch,
                    "--json")
                .succeeded()
                .out();
        assertThat(last[0]).contains("\"mode\":\"" + mode + "\"");
      }
      assertThat(last[0]).contains("\"bytesReported\":0");
      Matcher seconds = SECONDS.matcher(last[0]);
      assertThat(seconds.find()).isTrue();
      System.out.println("incremental of an idle disk of 64 GiB: " + seconds.group(1) + " s");
      Matcher read = READ.matcher(last[0]);
      assertThat(read.find()).isTrue();
      assertThat(Long.parseLong(read.group(1))).isPositive().isLessThan(48L << 20);
      server.virsh("destroy", "big");
    }
  }
}
