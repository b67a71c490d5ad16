package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Machine;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DomainXmlTest {
  @TempDir private Path folder;

  private static String domain(String inner) {
    return "<domain type='kvm'><name>a</name><uuid>u</uuid><memory unit='MiB'>1</memory>"
        + "<vcpu>2</vcpu>"
        + inner
        + "</domain>";
  }

  private static String disk(String attributes, String inner) {
    return domain("<devices><disk " + attributes + ">" + inner + "</disk></devices>");
  }

  @Test
  void anExternalEntityIsNotRead() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "hidden");
    String hostile =
        "<!DOCTYPE d [<!ENTITY x SYSTEM '" + secret.toUri() + "'>]>" + domain("<title>&x;</title>");
    assertThatThrownBy(() -> DomainXml.parse(hostile))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("DOCTYPE")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void whatIsNoDomainIsRefusedInWords() {
    for (String odd :
        List.of(
            "",
            "no xml",
            "<network/>",
            domain("").replace("<vcpu>2", "<vcpu>-1"),
            domain("").replace("MiB", "furlong"),
            disk("type='file' device='disk'", "<source file='/a'/><target dev='../../etc'/>"))) {
      assertThatThrownBy(() -> DomainXml.parse(odd))
          .isInstanceOf(SendenseException.class)
          .hasMessageContaining("machine");
    }
  }

  @Test
  void onlyDisksThatTheGuestAloneWritesAreCaptured() {
    assertThat(DomainXml.parse(disk("type='file' device='cdrom'", "<target dev='sda'/>")).others())
        .containsExactly("sda");
    for (String left :
        List.of(
            disk("type='file' device='disk'", "<source file='/a'/><target dev='vda'/><readonly/>"),
            disk("type='file' device='disk'", "<source file='/a'/><target dev='vda'/><shareable/>"),
            disk("type='block' device='lun'", "<source dev='/dev/a'/><target dev='vda'/>"))) {
      DomainXml xml = DomainXml.parse(left);
      assertThat(xml.disks()).isEmpty();
      assertThat(xml.skipped()).hasSize(1);
      assertThat(xml.others()).containsExactly("vda");
    }
  }

  @Test
  void firmwareNetworksAndMemoryAreRead() {
    DomainXml xml =
        DomainXml.parse(
            domain(
                "<os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type>"
                    + "<loader type='pflash' secure='yes'>/x</loader></os><devices>"
                    + "<interface type='bridge'><source bridge='br0'/>"
                    + "<mac address='52:54:00:AA:00:01'/></interface>"
                    + "<interface type='network'><source network='default'/></interface>"
                    + "<tpm/></devices>"));
    assertThat(xml.hardware())
        .isEqualTo(new Machine.Hardware(2, 1 << 20, Machine.Firmware.UEFI_SECURE, true));
    assertThat(xml.nics())
        .containsExactly(
            new Machine.Nic("bridge:br0", Optional.of("52:54:00:aa:00:01")),
            new Machine.Nic("default", Optional.empty()));
    assertThat(xml.details()).containsEntry("libvirt.machine", "q35");
  }

  @Test
  void urisThatAreNotSafeAreRefused() {
    for (String uri :
        List.of(
            "qemu+tcp://host/system",
            "xen:///system",
            "qemu+tls://host/system?no_verify=1",
            "qemu+ssh://root:secret@host/system",
            "qemu+ssh://host/system?command=/tmp/x",
            "qemu+ssh://my_host/system",
            "qemu+tls:///system",
            "qemu:///embed?root=/tmp/x",
            "qemu+ssh://-oProxyCommand=x@host/system",
            "not a uri")) {
      assertThatThrownBy(() -> LibvirtUri.parse(uri))
          .isInstanceOf(SendenseException.class)
          .hasMessageNotContaining("secret");
    }
    assertThat(LibvirtUri.parse("qemu+ssh://host/system").text()).endsWith("?no_tty=1");
    LibvirtUri ssh = LibvirtUri.parse("qemu+ssh://root@host:2222/system?keyfile=/a%20b");
    assertThat(ssh.sshOptions()).containsExactly("-p", "2222", "-i", "/a b");
    assertThat(ssh.sshDestination()).isEqualTo("root@host");
  }
}
