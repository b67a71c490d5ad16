package io.sendense.connectors.cloudstack;

import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineDraft;
import io.sendense.connectors.spi.MachinePlan;
import io.sendense.connectors.spi.MachineTarget;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.spi.TargetConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes machines in a cloud out of restored images: from CloudStack 4.19.1 on by import from a pool
 * of primary storage that this machine reaches, in any version by upload.
 */
public final class CloudStackTarget implements MachineTarget {
  private static final String NAME = "[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
  // Devices 0 to 26 without the CD drive's; the vendor's own limit depends on the host.
  private static final int MAX_DISKS = 25;

  private final CloudStackClient client;
  private final CloudStackScope scope;
  private final CloudStackPlace place;
  private final TargetConnector disks;
  private final OwnerRecords records;

  /**
   * @param disks writes qcow2 images where {@link CloudStackPlace.Images} says
   */
  public CloudStackTarget(
      CloudStackClient client,
      CloudStackScope scope,
      CloudStackPlace place,
      TargetConnector disks,
      OwnerRecords records) {
    this.client = client;
    this.scope = scope;
    this.place = place;
    this.disks = disks;
    this.records = records;
  }

  /** What a draft needs to know of the cloud. */
  record Choice(
      String zone,
      Map<String, String> offering,
      List<String> networks,
      Optional<PoolChoice> pool,
      ApiVersion version) {}

  record PoolChoice(String id, String cluster) {}

  @Override
  public Readiness check(MachinePlan plan) {
    Site site = new Site(client, scope);
    choose(site, plan);
    List<String> notes = new ArrayList<>();
    if (plan.hardware().tpm()) {
      notes.add(
          "CloudStack gives the machine no TPM: what its old one kept, such as BitLocker's key, has to be given again");
    }
    return Readiness.of(site.blockers(), notes);
  }

  private Optional<Choice> choose(Site site, MachinePlan plan) {
    ApiVersion version = client.version();
    checkVersion(site, version, plan);
    checkName(site, plan);
    if (plan.disks().size() > MAX_DISKS) {
      site.block(
          Blocker.Kind.DISK,
          "the machine has "
              + plan.disks().size()
              + " disks; "
              + MAX_DISKS
              + " are attached at most",
          "Restore its disks alone and attach them to several machines.");
    }
    for (MachinePlan.Disk disk : plan.disks()) {
      if (Files.exists(place.images().file().apply(disk.name()))) {
        site.block(
            Blocker.Kind.DISK,
            place.images().file().apply(disk.name()) + " is already there",
            "Try again: nothing was overwritten.");
      }
    }
    Optional<Answer> zone = site.zone(place.zone());
    Optional<Answer> offering = site.offering(place.offering(), plan.hardware());
    List<String> networks = zone.map(found -> site.networks(plan, found)).orElse(List.of());
    site.room(plan);
    Optional<PoolChoice> pool = place.pool().flatMap(wanted -> choosePool(site, wanted));
    if (!site.blockers().isEmpty() || zone.isEmpty() || offering.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Choice(
            zone.get().required("id"),
            Site.sizes(offering.get(), plan.hardware()),
            networks,
            pool,
            version));
  }

  private void checkVersion(Site site, ApiVersion version, MachinePlan plan) {
    if (!version.atLeast(ApiVersion.OLDEST)) {
      site.block(
          Blocker.Kind.PLATFORM,
          "this is CloudStack " + version + ", older than " + ApiVersion.OLDEST,
          "Update CloudStack, or restore to its KVM hosts with: kvm restore");
    }
    if (place.pool().isEmpty()) {
      return;
    }
    if (!version.atLeast(ApiVersion.IMPORTS_VOLUMES)) {
      site.block(
          Blocker.Kind.PLATFORM,
          "CloudStack " + version + " imports no volumes; " + ApiVersion.IMPORTS_VOLUMES + " does",
          "Leave --pool away, so that the disks are uploaded.");
    }
    if (plan.hardware().firmware() != Machine.Firmware.BIOS) {
      site.block(
          Blocker.Kind.FIRMWARE,
          "CloudStack's import makes no machine that boots by UEFI",
          "Leave --pool away, so that the disks are uploaded.");
    }
    boolean keepsMac = !plan.nics().isEmpty() && plan.nics().getFirst().mac().isPresent();
    if (keepsMac && !version.atLeast(ApiVersion.IMPORT_KEEPS_MAC)) {
      site.block(
          Blocker.Kind.NETWORK,
          "CloudStack "
              + version
              + " gives the first card of an imported machine a new MAC address",
          "Leave --keep-mac away, or --pool, so that the disks are uploaded.");
    }
  }

  private void checkName(Site site, MachinePlan plan) {
    if (!plan.name().matches(NAME)) {
      site.block(
          Blocker.Kind.NAME,
          "\"" + plan.name() + "\" cannot name a machine in CloudStack",
          "Use up to 63 letters, digits and hyphens, beginning with a letter.");
      return;
    }
    Map<String, String> asked = new LinkedHashMap<>(scope.listed());
    asked.put("name", plan.name());
    boolean taken =
        client.all("listVirtualMachines", asked, "virtualmachine").stream()
            .anyMatch(vm -> vm.text("name").equalsIgnoreCase(plan.name()));
    if (taken) {
      site.block(
          Blocker.Kind.NAME,
          "a machine " + plan.name() + " is there already",
          "Give the restored machine another name.");
    }
  }

  private static Optional<PoolChoice> choosePool(Site site, CloudStackPlace.Pool wanted) {
    if (!Files.isDirectory(wanted.folder()) || !Files.isWritable(wanted.folder())) {
      site.block(
          Blocker.Kind.SPACE,
          "the folder "
              + wanted.folder()
              + " of storage pool "
              + wanted.name()
              + " is not there or may not be written",
          "Mount the pool's export there, or leave --pool away to upload.");
    }
    Optional<Answer> pool = site.pool(wanted.name());
    Optional<String> cluster = pool.flatMap(site::cluster);
    return pool.isPresent() && cluster.isPresent()
        ? Optional.of(new PoolChoice(pool.get().required("id"), cluster.get()))
        : Optional.empty();
  }

  @Override
  public MachineDraft begin(MachinePlan plan) {
    Site site = new Site(client, scope);
    Choice choice =
        choose(site, plan)
            .orElseThrow(
                () -> {
                  Blocker first = site.blockers().getFirst();
                  return new SendenseException(ErrorCode.CONFLICT, first.what(), first.remedy());
                });
    Made made = new Made(client, scope, records);
    Build build =
        choice.pool().isPresent()
            ? new ImportBuild(client, scope, made, choice, choice.pool().get())
            : new UploadBuild(client, scope, made, choice);
    return new CloudStackDraft(client, scope, plan, place, disks, made, build);
  }

  @Override
  public void reap() {
    new Made(client, scope, records).removeEverything();
  }
}
