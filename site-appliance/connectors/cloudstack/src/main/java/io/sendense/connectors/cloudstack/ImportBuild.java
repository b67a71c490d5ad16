package io.sendense.connectors.cloudstack;

import io.sendense.connectors.cloudstack.CloudStackTarget.Choice;
import io.sendense.connectors.cloudstack.CloudStackTarget.PoolChoice;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Images that lie in the root of a pool become volumes where they are: the root by importVm with
 * the import source "shared", the others by importVolume and attachVolume. No byte is copied.
 */
final class ImportBuild implements Build {
  private final CloudStackClient client;
  private final CloudStackScope scope;
  private final Made made;
  private final Choice choice;
  private final PoolChoice pool;

  ImportBuild(
      CloudStackClient client, CloudStackScope scope, Made made, Choice choice, PoolChoice pool) {
    this.client = client;
    this.scope = scope;
    this.made = made;
    this.choice = choice;
    this.pool = pool;
  }

  /** The folder was only said to be the pool; now CloudStack sees the image there, or it is not. */
  @Override
  public void finished(MachinePlan.Disk disk, boolean root, Path image) {
    List<Answer> seen =
        client.all(
            "listVolumesForImport",
            Map.of("storageid", pool.id(), "path", fileName(image)),
            "volumeforimport");
    boolean same =
        seen.stream()
            .anyMatch(
                volume ->
                    volume.text("path").equals(fileName(image))
                        && volume.number("virtualsize") == disk.sizeBytes());
    if (!same) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "CloudStack does not see the image " + image + " in its storage pool",
          "See that the folder given with --pool is the root of that very pool.");
    }
  }

  @Override
  public String make(MachinePlan plan, Map<String, Path> images) {
    String root = fileName(image(images, plan.disks().getFirst()));
    made.add(Made.MACHINE, plan.name() + "\t" + root);
    String id =
        made.job("importVm", machine(plan, root))
            .object("virtualmachine")
            .orElseThrow(() -> Answer.protocol("importVm gave no machine"))
            .required("id");
    for (MachinePlan.Disk disk : plan.disks().subList(1, plan.disks().size())) {
      attach(id, fileName(image(images, disk)));
    }
    for (int i = 1; i < plan.nics().size(); i++) {
      Map<String, String> card = new LinkedHashMap<>();
      card.put("virtualmachineid", id);
      card.put("networkid", choice.networks().get(i));
      plan.nics().get(i).mac().ifPresent(mac -> card.put("macaddress", mac));
      made.job("addNicToVirtualMachine", card);
    }
    return id;
  }

  private Map<String, String> machine(MachinePlan plan, String root) {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("zoneid", choice.zone());
    machine.put("clusterid", pool.cluster());
    machine.put("storageid", pool.id());
    machine.put("hypervisor", "KVM");
    machine.put("importsource", "shared");
    machine.put("diskpath", root);
    machine.put("name", plan.name());
    machine.put("hostname", plan.name());
    machine.put("displayname", plan.name());
    machine.putAll(choice.offering());
    machine.putAll(scope.owner());
    if (!choice.networks().isEmpty()) {
      machine.put("networkid", choice.networks().getFirst());
      plan.nics().getFirst().mac().ifPresent(mac -> machine.put("macaddress", mac));
    }
    return machine;
  }

  private void attach(String machine, String image) {
    made.add(Made.VOLUME, image);
    Map<String, String> volume = new LinkedHashMap<>(scope.owner());
    volume.put("path", image);
    volume.put("storageid", pool.id());
    volume.put("name", image);
    String id =
        made.job("importVolume", volume)
            .object("volume")
            .orElseThrow(() -> Answer.protocol("importVolume gave no volume"))
            .required("id");
    made.job("attachVolume", Map.of("id", id, "virtualmachineid", machine));
  }

  private static Path image(Map<String, Path> images, MachinePlan.Disk disk) {
    Path image = images.get(disk.name());
    if (image == null) {
      throw new IllegalStateException("disk " + disk.name() + " has no image");
    }
    return image;
  }

  static String fileName(Path image) {
    return String.valueOf(image.getFileName());
  }

  /** The images are the machine's volumes now. */
  @Override
  public void handOver(boolean started) {
    made.keepAllBut("");
  }
}
