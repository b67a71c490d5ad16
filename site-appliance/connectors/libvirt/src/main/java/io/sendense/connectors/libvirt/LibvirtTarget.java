package io.sendense.connectors.libvirt;

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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Makes machines on a libvirt host out of disk images in a folder that this process and the host
 * both reach under the same path. How the images are written is the business of {@code disks}.
 */
public final class LibvirtTarget implements MachineTarget {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}";
  private static final int MAX_DISKS = 24;
  private static final int MAX_NICS = 28;

  private final Place place;
  private final TargetConnector disks;
  private final OwnerRecords records;
  private final Duration deadline;
  private final RandomGenerator random;

  /**
   * Where machines are made.
   *
   * @param folder of the images
   * @param format of the images: qcow2 or raw
   * @param diskFile final path of the image of a disk
   */
  public record Place(LibvirtUri uri, Path folder, String format, Function<String, Path> diskFile) {
    public Place {
      if (!format.equals("qcow2") && !format.equals("raw")) {
        throw new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            "machines are not made on " + format + " images",
            "Use qcow2 or raw.");
      }
    }
  }

  /**
   * @param disks makes the images where {@link Place#diskFile} says
   * @param deadline for each call to libvirt
   * @param random for new MAC addresses
   */
  public LibvirtTarget(
      Place place,
      TargetConnector disks,
      OwnerRecords records,
      Duration deadline,
      RandomGenerator random) {
    this.place = place;
    this.disks = disks;
    this.records = records;
    this.deadline = deadline;
    this.random = random;
  }

  @Override
  public Readiness check(MachinePlan plan) {
    try (Libvirt libvirt = Libvirt.open(place.uri(), deadline)) {
      return check(libvirt, plan);
    }
  }

  private Readiness check(Libvirt libvirt, MachinePlan plan) {
    List<Blocker> blockers = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    if (!plan.name().matches(NAME)) {
      blockers.add(
          new Blocker(
              Blocker.Kind.NAME,
              "\"" + plan.name() + "\" cannot name a machine",
              "Use letters, digits, dot, plus, hyphen and underscore."));
    } else if (libvirt
        .domainNamed(plan.name())
        .filter(there -> !made(plan).isMachine(there.uuid()))
        .isPresent()) {
      blockers.add(
          new Blocker(
              Blocker.Kind.NAME,
              "a machine " + plan.name() + " is there already",
              "Give the restored machine another name."));
    }
    if (plan.disks().size() > MAX_DISKS || plan.nics().size() > MAX_NICS) {
      blockers.add(
          new Blocker(
              Blocker.Kind.DISK,
              "the machine has more than " + MAX_DISKS + " disks or " + MAX_NICS + " network cards",
              "Restore its disks alone and attach them to several machines."));
    }
    checkFolder(plan, blockers);
    checkNetworks(libvirt, plan, blockers);
    if (plan.hardware().tpm()) {
      notes.add(
          "the machine gets a new, empty TPM: what its old one kept, such as BitLocker's key, has to"
              + " be given again");
    }
    return Readiness.of(blockers, notes);
  }

  private void checkFolder(MachinePlan plan, List<Blocker> blockers) {
    if (!Files.isDirectory(place.folder()) || !Files.isWritable(place.folder())) {
      blockers.add(
          new Blocker(
              Blocker.Kind.SPACE,
              "the folder " + place.folder() + " is not there or may not be written",
              "Make it, where libvirt's QEMU may read and write."));
      return;
    }
    for (MachinePlan.Disk disk : plan.disks()) {
      Path image = place.diskFile().apply(disk.name());
      if (Files.exists(image) && !made(plan).isImage(image)) {
        blockers.add(
            new Blocker(
                Blocker.Kind.DISK,
                image + " is already there",
                "Restore to another folder or under another name; nothing was overwritten."));
      }
    }
    try {
      // Images are sparse, so this is what they may come to need, not what they will at once.
      long needed = plan.disks().stream().mapToLong(MachinePlan.Disk::sizeBytes).sum();
      long free = Files.getFileStore(place.folder()).getUsableSpace();
      if (place.format().equals("raw") && free < needed) {
        blockers.add(
            new Blocker(
                Blocker.Kind.SPACE,
                place.folder() + " has " + free + " bytes free and the disks have " + needed,
                "Free space there, or use qcow2, which takes only what is not zeros."));
      }
    } catch (IOException e) {
      blockers.add(
          new Blocker(
              Blocker.Kind.SPACE,
              "the space of " + place.folder() + " cannot be told: " + e.getMessage(),
              "Use another folder."));
    }
  }

  private static void checkNetworks(Libvirt libvirt, MachinePlan plan, List<Blocker> blockers) {
    List<String> there = plan.nics().isEmpty() ? List.of() : libvirt.networks();
    for (MachinePlan.Nic nic : plan.nics()) {
      String network = nic.network();
      boolean known =
          network.equals("user")
              || network.matches("(bridge|direct):[A-Za-z0-9_.:-]{1,15}")
              || there.contains(network);
      if (!known) {
        blockers.add(
            new Blocker(
                Blocker.Kind.NETWORK,
                "there is no network " + network,
                "Map it with --network "
                    + network
                    + "=OTHER, where OTHER is user, bridge:NAME or one of: "
                    + String.join(", ", there)));
      }
    }
  }

  @Override
  public MachineDraft begin(MachinePlan plan) {
    Libvirt libvirt = Libvirt.open(place.uri(), deadline);
    try {
      if (check(libvirt, plan) instanceof Readiness.Blocked blocked) {
        Blocker first = blocked.blockers().getFirst();
        throw new SendenseException(ErrorCode.CONFLICT, first.what(), first.remedy());
      }
      return new LibvirtDraft(libvirt, place, plan, disks, made(plan), random);
    } catch (RuntimeException | Error e) {
      libvirt.close();
      throw e;
    }
  }

  /** One restore is told from another by the machine it makes and the folder it makes it in. */
  private MadeThings made(MachinePlan plan) {
    return new MadeThings(
        records,
        "machine " + plan.name() + " in " + place.folder() + " of libvirt:" + place.uri().text());
  }

  @Override
  public void reap(MachinePlan plan) {
    plan.disks().forEach(disk -> disks.reap(disk.name()));
    MadeThings made = made(plan);
    if (made.isEmpty()) {
      return;
    }
    try (Libvirt libvirt = Libvirt.open(place.uri(), deadline)) {
      made.removeAll(libvirt);
    }
  }

  static Machine describe(Domain domain) {
    return LibvirtInventory.describe(domain);
  }
}
