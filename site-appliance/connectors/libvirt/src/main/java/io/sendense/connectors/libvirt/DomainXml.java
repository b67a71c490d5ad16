package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Machine.Firmware;
import io.sendense.connectors.spi.Machine.Hardware;
import io.sendense.connectors.spi.Machine.Nic;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * What is read of a machine's XML. Pure, so that odd and hostile documents can be tried in a test.
 *
 * @param disks the writable ones, in the machine's order
 * @param skipped sentences about disks that are not captured
 * @param others targets that are not captured, CD drives among them
 * @param details what only libvirt has a use for; see {@link Details}
 */
record DomainXml(
    String uuid,
    String name,
    Hardware hardware,
    List<Disk> disks,
    List<Nic> nics,
    List<String> skipped,
    List<String> others,
    Map<String, String> details) {
  static final int MAX_CHARACTERS = 4 << 20;

  /** What the description of an image of Ceph begins with; pool and image follow. */
  static final String RBD = "rbd:";

  private static final int MAX_DEVICES = 1024;

  DomainXml {
    disks = List.copyOf(disks);
    nics = List.copyOf(nics);
    skipped = List.copyOf(skipped);
    others = List.copyOf(others);
    details = Map.copyOf(details);
  }

  /**
   * A disk that the guest can write.
   *
   * @param target its name, such as {@code vda}; unique within the machine
   * @param type where it lies: file, block, network, volume
   * @param source path of a file or block device; a description for the others
   */
  record Disk(String target, String type, String format, String source) {
    /** The same in another place. */
    Disk at(String other) {
      return new Disk(target, type, format, other);
    }

    boolean isFile() {
      return type.equals("file");
    }

    boolean isRbd() {
      return type.equals("network") && format.equals("raw") && source.startsWith(RBD);
    }

    /** Why QEMU keeps no dirty bitmap of it over restarts. */
    Optional<String> untracked() {
      if (isRbd()) {
        return Optional.of(
            "it is on Ceph, which is asked for changes with --ceph-conf; otherwise every backup"
                + " compares it in full");
      }
      return format.equals("qcow2")
          ? Optional.empty()
          : Optional.of(
              "its format "
                  + format
                  + " keeps no dirty bitmap, only qcow2 does, so every backup compares it in full");
    }
  }

  /**
   * @throws SendenseException SOURCE_PROTOCOL
   */
  static DomainXml parse(String text) {
    Element domain = Xml.parse("the description of a machine", text);
    try {
      return read(domain);
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL,
          "the description of machine " + Xml.text(domain, "name") + ": " + e.getMessage(),
          "Look at it with virsh dumpxml.",
          e);
    }
  }

  private static DomainXml read(Element domain) {
    if (!domain.getTagName().equals("domain")) {
      throw new IllegalArgumentException("it is a <" + domain.getTagName() + ">");
    }
    List<Disk> disks = new ArrayList<>();
    List<Nic> nics = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    List<String> others = new ArrayList<>();
    boolean tpm = false;
    Optional<Element> devices = Xml.child(domain, "devices");
    if (devices.isPresent()) {
      List<Element> all = Xml.children(devices.get(), "disk");
      if (all.size() > MAX_DEVICES) {
        throw new IllegalArgumentException("it has " + all.size() + " disks");
      }
      all.forEach(disk -> readDisk(disk, disks, skipped, others));
      Xml.children(devices.get(), "interface").stream()
          .limit(MAX_DEVICES)
          .forEach(nic -> nics.add(readNic(nic)));
      tpm = Xml.child(devices.get(), "tpm").isPresent();
    }
    return new DomainXml(
        Xml.text(domain, "uuid"),
        Xml.text(domain, "name"),
        new Hardware(
            Math.max(1, (int) number(Xml.text(domain, "vcpu"), "vcpu")),
            memory(domain),
            firmware(domain),
            tpm),
        disks,
        nics,
        skipped,
        others,
        Details.read(domain));
  }

  private static void readDisk(
      Element disk, List<Disk> disks, List<String> skipped, List<String> others) {
    String target = Xml.attribute(disk, "target", "dev");
    String device = disk.getAttribute("device");
    if (device.equals("cdrom") || device.equals("floppy") || Xml.child(disk, "source").isEmpty()) {
      others.add(target);
      return;
    }
    if (!target.matches("[A-Za-z0-9_.-]{1,32}")) {
      throw new IllegalArgumentException("a disk is called \"" + target + "\"");
    }
    if (Xml.child(disk, "readonly").isPresent()) {
      skipped.add("disk " + target + " is read-only and was left out");
      others.add(target);
      return;
    }
    if (device.equals("lun")) {
      skipped.add("disk " + target + " is a passed-through SCSI device and was left out");
      others.add(target);
      return;
    }
    if (Xml.child(disk, "shareable").isPresent()) {
      skipped.add("disk " + target + " is shared with other machines and was left out");
      others.add(target);
      return;
    }
    String format = Xml.attribute(disk, "driver", "type");
    Element source = Xml.child(disk, "source").orElseThrow();
    String type = disk.getAttribute("type");
    String place =
        switch (type) {
          case "file" -> source.getAttribute("file");
          case "block" -> source.getAttribute("dev");
          case "network" -> source.getAttribute("protocol") + ":" + source.getAttribute("name");
          case "volume" -> source.getAttribute("pool") + "/" + source.getAttribute("volume");
          default -> type;
        };
    disks.add(new Disk(target, type, format.isEmpty() ? "raw" : format, place));
  }

  private static Nic readNic(Element nic) {
    String type = nic.getAttribute("type");
    String network =
        switch (type) {
          case "network" -> Xml.attribute(nic, "source", "network");
          case "bridge" -> "bridge:" + Xml.attribute(nic, "source", "bridge");
          case "direct" -> "direct:" + Xml.attribute(nic, "source", "dev");
          default -> type;
        };
    String mac = Xml.attribute(nic, "mac", "address").toLowerCase(Locale.ROOT);
    return new Nic(network, mac.isEmpty() ? Optional.<String>empty() : Optional.of(mac));
  }

  private static Firmware firmware(Element domain) {
    Optional<Element> os = Xml.child(domain, "os");
    if (os.isEmpty()) {
      return Firmware.BIOS;
    }
    boolean secure = Xml.attribute(os.get(), "loader", "secure").equals("yes");
    boolean uefi =
        os.get().getAttribute("firmware").equals("efi")
            || Xml.attribute(os.get(), "loader", "type").equals("pflash");
    return uefi ? (secure ? Firmware.UEFI_SECURE : Firmware.UEFI) : Firmware.BIOS;
  }

  /** Libvirt's units: its default is KiB. */
  private static long memory(Element domain) {
    String unit = Xml.attribute(domain, "memory", "unit");
    long factor =
        switch (unit) {
          case "b", "bytes" -> 1;
          case "KB" -> 1000;
          case "", "k", "KiB" -> 1L << 10;
          case "MB" -> 1_000_000;
          case "M", "MiB" -> 1L << 20;
          case "GB" -> 1_000_000_000;
          case "G", "GiB" -> 1L << 30;
          default -> throw new IllegalArgumentException("memory is in " + unit);
        };
    return Math.multiplyExact(number(Xml.text(domain, "memory"), "memory"), factor);
  }

  private static long number(String text, String what) {
    if (!text.matches("[0-9]{1,12}")) {
      throw new IllegalArgumentException(what + " is \"" + text + "\"");
    }
    return Long.parseLong(text);
  }
}
