package io.sendense.connectors.cloudstack;

import io.sendense.connectors.spi.Inventory;
import io.sendense.connectors.spi.Machine;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The machines that the keys may see, over all their projects and domains. */
public final class CloudStackInventory implements Inventory {
  static final String OFFERING = "cloudstack.offering";
  static final String VOLUME = "cloudstack.volume.";
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Pattern MAC = Pattern.compile("([0-9a-f]{2}:){5}[0-9a-f]{2}");
  private static final long MEBIBYTE = 1 << 20;

  private final CloudStackClient client;
  private final CloudStackScope scope;

  public CloudStackInventory(CloudStackClient client, CloudStackScope scope) {
    this.client = client;
    this.scope = scope;
  }

  @Override
  public void machines(Consumer<Machine> seen) {
    client.each(
        "listVirtualMachines",
        scope.listed(),
        "virtualmachine",
        vm -> describe(vm).ifPresent(seen));
  }

  @Override
  public Machine machine(String idOrName) {
    Answer vm = find(idOrName);
    return describe(vm)
        .orElseThrow(() -> Answer.protocol("machine " + idOrName + " has no processor or memory"));
  }

  /** The machine as the API shows it. */
  Answer find(String idOrName) {
    Map<String, String> asked = new LinkedHashMap<>(scope.listed());
    asked.put(UUID.matcher(idOrName).matches() ? "id" : "name", idOrName);
    // The name finds every machine whose name holds it, so the answer is looked at again.
    List<Answer> found =
        client.all("listVirtualMachines", asked, "virtualmachine").stream()
            .filter(vm -> isCalled(vm, idOrName))
            .toList();
    if (found.size() > 1) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          found.size() + " machines are called " + idOrName,
          "Give the id of the one that is meant.");
    }
    if (found.isEmpty()) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "CloudStack shows these keys no machine " + idOrName,
          "List what they may see with: cloudstack list");
    }
    return found.getFirst();
  }

  private static boolean isCalled(Answer vm, String idOrName) {
    return vm.text("id").equalsIgnoreCase(idOrName)
        || vm.text("name").equals(idOrName)
        || vm.text("displayname").equals(idOrName);
  }

  private Optional<Machine> describe(Answer vm) {
    String state = vm.text("state");
    if (state.equals("Destroyed") || state.equals("Expunging") || state.equals("Error")) {
      return Optional.empty();
    }
    if (vm.number("cpunumber") < 1 || vm.number("memory") < 1) {
      return Optional.empty();
    }
    List<Answer> volumes = volumes(vm);
    return Optional.of(
        new Machine(
            vm.required("id"),
            vm.text("name").isEmpty() ? vm.required("id") : vm.text("name"),
            power(state),
            hardware(vm),
            volumes.stream().map(volume -> disk(vm, volume)).toList(),
            nics(vm),
            details(vm, volumes)));
  }

  /** Volumes of a machine in the order of their devices, the root first. */
  List<Answer> volumes(Answer vm) {
    Map<String, String> asked = new LinkedHashMap<>();
    asked.put("virtualmachineid", vm.required("id"));
    asked.put("listall", "true");
    asked.put("projectid", vm.text("projectid").isEmpty() ? "-1" : vm.text("projectid"));
    List<Answer> found = new ArrayList<>(client.all("listVolumes", asked, "volume"));
    found.sort(Comparator.comparingLong(volume -> volume.number("deviceid")));
    return found;
  }

  private static Machine.Power power(String state) {
    return switch (state) {
      case "Running" -> Machine.Power.RUNNING;
      case "Stopped" -> Machine.Power.OFF;
      default -> Machine.Power.UNKNOWN;
    };
  }

  static Machine.Hardware hardware(Answer vm) {
    boolean uefi = vm.text("boottype").equalsIgnoreCase("uefi");
    boolean secure = vm.text("bootmode").equalsIgnoreCase("secure");
    Machine.Firmware firmware =
        !uefi
            ? Machine.Firmware.BIOS
            : secure ? Machine.Firmware.UEFI_SECURE : Machine.Firmware.UEFI;
    return new Machine.Hardware(
        (int) vm.number("cpunumber"), vm.number("memory") * MEBIBYTE, firmware, false);
  }

  /** On KVM device 0 is the guest's vda, 1 its vdb; the numbers have holes. */
  static String diskName(Answer volume) {
    long device = volume.number("deviceid");
    return device < 26 ? "vd" + (char) ('a' + device) : "vda" + (char) ('a' + device - 26);
  }

  private static Machine.Disk disk(Answer vm, Answer volume) {
    String hypervisor = vm.text("hypervisor");
    Optional<String> untracked =
        Optional.of(
            hypervisor.equalsIgnoreCase("kvm")
                ? "CloudStack's machines are transient for libvirt, which keeps no checkpoints of"
                    + " those"
                : "its hypervisor " + hypervisor + " is not captured");
    return new Machine.Disk(
        diskName(volume),
        volume.number("size"),
        volume.text("storage").isEmpty() ? "volume" : volume.text("storage"),
        untracked);
  }

  static List<Machine.Nic> nics(Answer vm) {
    return vm.list("nic").stream()
        .map(
            nic ->
                new Machine.Nic(
                    nic.text("networkname").isEmpty()
                        ? nic.text("networkid")
                        : nic.text("networkname"),
                    Optional.of(nic.text("macaddress")).filter(mac -> MAC.matcher(mac).matches())))
        .toList();
  }

  static Map<String, String> details(Answer vm, List<Answer> volumes) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put(OFFERING, vm.text("serviceofferingname"));
    volumes.forEach(volume -> details.put(VOLUME + diskName(volume), volume.text("id")));
    details.values().removeIf(String::isEmpty);
    return details;
  }
}
