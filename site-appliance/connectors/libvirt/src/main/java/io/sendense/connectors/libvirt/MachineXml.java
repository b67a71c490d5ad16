package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Machine.Firmware;
import io.sendense.connectors.spi.MachinePlan;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The definition of a machine that a restore makes (libvirt: formatdomain). */
final class MachineXml {
  private MachineXml() {}

  static String write(
      String uuid,
      MachinePlan plan,
      Map<String, Path> images,
      String format,
      RandomGenerator random) {
    return write(uuid, plan, images, format, random, Below.NOTHING);
  }

  /** What stands below the images, and how they are to treat what they cannot read or write. */
  interface Below {
    Below NOTHING =
        new Below() {
          @Override
          public String driver() {
            return "";
          }

          @Override
          public String source(String disk) {
            return "";
          }
        };

    /** Further attributes of a disk's driver. */
    String driver();

    /** Elements that follow a disk's source. */
    String source(String disk);
  }

  static String write(
      String uuid,
      MachinePlan plan,
      Map<String, Path> images,
      String format,
      RandomGenerator random,
      Below below) {
    Map<String, String> details = plan.details();
    String type = details.getOrDefault(Details.TYPE, "kvm");
    boolean uefi = plan.hardware().firmware() != Firmware.BIOS;
    StringBuilder xml = new StringBuilder("<domain type='").append(Xml.escape(type)).append("'>");
    xml.append("<name>").append(Xml.escape(plan.name())).append("</name>");
    xml.append("<uuid>").append(uuid).append("</uuid>");
    xml.append("<memory unit='b'>").append(plan.hardware().memoryBytes()).append("</memory>");
    xml.append("<vcpu>").append(plan.hardware().processors()).append("</vcpu>");
    xml.append(uefi ? "<os firmware='efi'>" : "<os>");
    // The UEFI that libvirt chooses from is for this board.
    String machine = uefi ? "q35" : details.getOrDefault(Details.MACHINE, "q35");
    xml.append("<type arch='")
        .append(Xml.escape(details.getOrDefault(Details.ARCH, "x86_64")))
        .append("' machine='")
        .append(Xml.escape(machine))
        .append("'>hvm</type>");
    if (uefi) {
      // Left to itself libvirt prefers a firmware that refuses what is not signed.
      boolean secure = plan.hardware().firmware() == Firmware.UEFI_SECURE;
      xml.append("<firmware><feature enabled='")
          .append(secure ? "yes" : "no")
          .append("' name='secure-boot'/>")
          .append(secure ? "<feature enabled='yes' name='enrolled-keys'/>" : "")
          .append("</firmware>");
    }
    xml.append("</os><features><acpi/><apic/>");
    if (plan.hardware().firmware() == Firmware.UEFI_SECURE) {
      xml.append("<smm state='on'/>");
    }
    xml.append("</features>");
    xml.append(type.equals("kvm") ? "<cpu mode='host-model'/>" : "<cpu mode='maximum'/>");
    xml.append("<clock offset='utc'/><devices>");
    disks(xml, plan, images, format, below);
    nics(xml, plan, random);
    if (plan.hardware().tpm()) {
      xml.append("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>");
    }
    xml.append("<serial type='pty'/><console type='pty'/>");
    xml.append("<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/>");
    xml.append("</channel><video><model type='vga'/></video>");
    return xml.append("</devices></domain>").toString();
  }

  private static void disks(
      StringBuilder xml, MachinePlan plan, Map<String, Path> images, String format, Below below) {
    for (int i = 0; i < plan.disks().size(); i++) {
      String name = plan.disks().get(i).name();
      String bus = Details.bus(plan.details(), name);
      xml.append("<disk type='file' device='disk'><driver name='qemu' type='")
          .append(format)
          .append("' discard='unmap'")
          .append(below.driver())
          .append("/><source file='")
          .append(Xml.escape(String.valueOf(images.get(name))))
          .append("'/>")
          .append(below.source(name))
          .append("<target dev='")
          .append(target(bus, i))
          .append("' bus='")
          .append(Xml.escape(bus))
          .append("'/><boot order='")
          .append(i + 1)
          .append("'/></disk>");
    }
  }

  /** A name that tells libvirt the order; the guest sees its own. */
  private static String target(String bus, int index) {
    String prefix =
        switch (bus) {
          case "virtio" -> "vd";
          case "ide" -> "hd";
          default -> "sd";
        };
    return prefix + (char) ('a' + index);
  }

  private static void nics(StringBuilder xml, MachinePlan plan, RandomGenerator random) {
    List<MachinePlan.Nic> nics = plan.nics();
    for (int i = 0; i < nics.size(); i++) {
      MachinePlan.Nic nic = nics.get(i);
      String network = nic.network();
      if (network.equals("user")) {
        xml.append("<interface type='user'>");
      } else if (network.startsWith("bridge:")) {
        source(xml, "bridge", "bridge", network);
      } else if (network.startsWith("direct:")) {
        source(xml, "direct", "dev", network);
      } else {
        source(xml, "network", "network", ":" + network);
      }
      xml.append("<mac address='")
          .append(Xml.escape(nic.mac().orElseGet(() -> newMac(random))))
          .append("'/><model type='")
          .append(Xml.escape(Details.nic(plan.details(), i)))
          .append("'/></interface>");
    }
  }

  private static void source(StringBuilder xml, String type, String attribute, String network) {
    xml.append("<interface type='")
        .append(type)
        .append("'><source ")
        .append(attribute)
        .append("='")
        .append(Xml.escape(network.substring(network.indexOf(':') + 1)))
        .append("'/>");
  }

  /** In the range that QEMU and libvirt use for their own. */
  private static String newMac(RandomGenerator random) {
    byte[] tail = new byte[3];
    random.nextBytes(tail);
    return "52:54:00:" + HexFormat.ofDelimiter(":").formatHex(tail);
  }
}
