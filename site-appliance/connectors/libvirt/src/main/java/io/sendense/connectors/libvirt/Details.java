package io.sendense.connectors.libvirt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.w3c.dom.Element;

/** What of a machine only libvirt has a use for: kept with its points, used when it is remade. */
final class Details {
  static final String TYPE = "libvirt.type";
  static final String ARCH = "libvirt.arch";
  static final String MACHINE = "libvirt.machine";
  private static final String BUS = "libvirt.bus.";
  private static final String NIC = "libvirt.nic.";
  private static final int MAX = 64;
  private static final String WORD = "[A-Za-z0-9_.-]{1,64}";

  private Details() {}

  static Map<String, String> read(Element domain) {
    Map<String, String> found = new HashMap<>();
    put(found, TYPE, domain.getAttribute("type"));
    Optional<Element> type = Xml.child(domain, "os").flatMap(os -> Xml.child(os, "type"));
    type.ifPresent(
        t -> {
          put(found, ARCH, t.getAttribute("arch"));
          put(found, MACHINE, family(t.getAttribute("machine")));
        });
    Optional<Element> devices = Xml.child(domain, "devices");
    if (devices.isPresent()) {
      for (Element disk : Xml.children(devices.get(), "disk")) {
        put(
            found,
            BUS + Xml.attribute(disk, "target", "dev"),
            Xml.attribute(disk, "target", "bus"));
      }
      List<Element> nics = Xml.children(devices.get(), "interface");
      for (int i = 0; i < nics.size(); i++) {
        put(found, NIC + i, Xml.attribute(nics.get(i), "model", "type"));
      }
    }
    return found;
  }

  static String bus(Map<String, String> details, String disk) {
    return details.getOrDefault(BUS + disk, "virtio");
  }

  static String nic(Map<String, String> details, int index) {
    return details.getOrDefault(NIC + index, "virtio");
  }

  /** Another host may not have this very version of the board. */
  private static String family(String machine) {
    if (machine.startsWith("pc-q35")) {
      return "q35";
    }
    return machine.startsWith("pc-i440fx") ? "pc" : machine;
  }

  private static void put(Map<String, String> found, String key, String value) {
    if (found.size() < MAX && value.matches(WORD) && key.matches(WORD)) {
      found.put(key, value);
    }
  }
}
