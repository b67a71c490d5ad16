package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.Platform;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a guest's kernel needs on a platform.
 *
 * @param disk drivers of disks, all of which are put where they exist; one is enough to start
 * @param network drivers of cards, the usual one first
 * @param helpful drivers that go with them where the kernel has them
 */
public record Target(
    Platform platform, List<String> disk, List<String> network, List<String> helpful) {

  /**
   * @throws SendenseException BAD_ARGUMENT
   */
  public static Target parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "kvm" -> virtio(Platform.KVM);
      case "cloudstack" -> virtio(Platform.CLOUDSTACK);
      case "nutanix" -> virtio(Platform.NUTANIX);
      case "vmware" ->
          new Target(
              Platform.VMWARE,
              List.of("vmw_pvscsi", "mptspi", "ahci", "nvme"),
              List.of("vmxnet3", "e1000e", "e1000"),
              List.of("sd_mod"));
      case "hyperv" -> hyperv(Platform.HYPERV, List.of());
      case "azure" -> hyperv(Platform.AZURE, List.of("nvme"));
      case "aws" ->
          new Target(
              Platform.AWS, List.of("nvme", "xen_blkfront"), List.of("ena", "ixgbevf"), List.of());
      default ->
          throw new SendenseException(
              ErrorCode.BAD_ARGUMENT,
              "\"" + name + "\" is no platform that a guest can be made ready for",
              "Use kvm, cloudstack, vmware, hyperv, aws, azure or nutanix.");
    };
  }

  String label() {
    return platform.name().toLowerCase(Locale.ROOT);
  }

  private static Target virtio(Platform platform) {
    return new Target(
        platform,
        List.of("virtio_blk", "virtio_scsi"),
        List.of("virtio_net"),
        List.of("virtio_pci", "sd_mod"));
  }

  private static Target hyperv(Platform platform, List<String> more) {
    List<String> disk = new ArrayList<>(List.of("hv_storvsc"));
    disk.addAll(more);
    return new Target(
        platform, List.copyOf(disk), List.of("hv_netvsc"), List.of("hv_vmbus", "sd_mod"));
  }
}
