package io.sendense.recovery.convert;

import io.sendense.domain.Platform;
import java.util.List;

/**
 * What Windows needs on a platform.
 *
 * @param own drivers that Windows itself has, each list one way to its disks: all of a list
 * @param disks identifiers of the platform's disk controllers whose drivers Windows does not have
 * @param cards the same of its network cards
 * @param otherwise what a machine of the platform has to be given where only Windows's own drivers
 *     are there; empty where these are its usual ones
 */
record WindowsNeeds(
    List<List<String>> own, List<String> disks, List<String> cards, String otherwise) {
  private static final List<String> SATA = List.of("storahci");
  private static final List<String> OLD_SATA = List.of("msahci");
  private static final List<String> NVME = List.of("stornvme");
  private static final List<String> HYPER_V = List.of("vmbus", "storvsc");

  static WindowsNeeds of(Platform platform) {
    return switch (platform) {
      case VMWARE ->
          new WindowsNeeds(
              List.of(List.of("LSI_SAS"), SATA, OLD_SATA, NVME),
              List.of("PCI\\VEN_15AD&DEV_07C0"),
              List.of("PCI\\VEN_15AD&DEV_07B0"),
              "disks at an LSI Logic SAS, SATA or NVMe controller and an E1000E card");
      case HYPERV -> new WindowsNeeds(List.of(HYPER_V), List.of(), List.of(), "");
      case AZURE -> new WindowsNeeds(List.of(HYPER_V, NVME), List.of(), List.of(), "");
      case AWS ->
          new WindowsNeeds(
              List.of(NVME),
              List.of("PCI\\VEN_1D0F&DEV_8061"),
              List.of("PCI\\VEN_1D0F&DEV_EC20", "PCI\\VEN_1D0F&DEV_EC21"),
              "an instance type with an Intel card, since Windows has no driver for ENA");
      default ->
          new WindowsNeeds(
              List.of(SATA, OLD_SATA, NVME),
              List.of(
                  "PCI\\VEN_1AF4&DEV_1001",
                  "PCI\\VEN_1AF4&DEV_1042",
                  "PCI\\VEN_1AF4&DEV_1004",
                  "PCI\\VEN_1AF4&DEV_1048"),
              List.of("PCI\\VEN_1AF4&DEV_1000", "PCI\\VEN_1AF4&DEV_1041"),
              "disks at a SATA or NVMe controller and an E1000E card");
    };
  }
}
