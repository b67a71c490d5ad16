package io.sendense.recovery.convert;

import io.sendense.domain.Platform;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.GuestFileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything about a Linux guest, from one root file system. */
final class LinuxCheck {
  /** A guest's agent: a program of it, what it is for, and the unit that starts it. */
  private record Agent(String name, List<String> programs, List<Platform> platforms, String unit) {}

  private static final List<Agent> AGENTS =
      List.of(
          new Agent(
              "QEMU guest agent",
              List.of("/usr/sbin/qemu-ga", "/usr/bin/qemu-ga"),
              List.of(Platform.KVM, Platform.CLOUDSTACK, Platform.NUTANIX),
              "qemu-guest-agent.service"),
          new Agent(
              "open-vm-tools",
              List.of("/usr/bin/vmtoolsd"),
              List.of(Platform.VMWARE),
              "open-vm-tools.service"),
          new Agent(
              "Hyper-V daemons",
              List.of("/usr/sbin/hv_kvp_daemon", "/usr/sbin/hypervkvpd"),
              List.of(Platform.HYPERV, Platform.AZURE),
              "hv-kvp-daemon.service"),
          new Agent(
              "Azure Linux agent",
              List.of("/usr/sbin/waagent"),
              List.of(Platform.AZURE),
              "walinuxagent.service"),
          new Agent(
              "Amazon SSM agent",
              List.of("/usr/bin/amazon-ssm-agent"),
              List.of(Platform.AWS),
              "amazon-ssm-agent.service"));

  private final Contents contents;
  private final GuestTree tree;
  private final Target target;
  private final Draft draft;
  private final DeviceText devices;
  private List<Kernel> kernels = List.of();

  LinuxCheck(Contents contents, GuestVolume volume, Target target, Draft draft) {
    this.contents = contents;
    this.target = target;
    this.draft = draft;
    GuestFileSystem root = contents.systems().get(volume.name());
    if (root == null) {
      throw new IllegalArgumentException(volume.name());
    }
    this.tree = new GuestTree(volume, root);
    this.devices = new DeviceText(contents, volume, draft);
  }

  /** Whether a file system is the root of a Linux. */
  static boolean isRoot(GuestVolume volume, GuestFileSystem system) {
    GuestTree tree = new GuestTree(volume, system);
    return tree.exists("/etc/fstab")
        && (tree.exists("/etc/os-release") || tree.exists("/usr/lib/os-release"));
  }

  String name() {
    Optional<String> release =
        tree.text("/etc/os-release").or(() -> tree.text("/usr/lib/os-release"));
    return release.stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("PRETTY_NAME="))
        .map(line -> line.substring(12).replace("\"", "").replaceAll("\\p{Cntrl}", "?"))
        .findFirst()
        .orElse("Linux");
  }

  List<Kernel> kernels() {
    return kernels;
  }

  GuestTree tree() {
    return tree;
  }

  void check(Map<String, String> cards) {
    String fstab = tree.text("/etc/fstab").orElse("");
    mounts(fstab);
    part(
        "kernel",
        () -> {
          kernels = Kernel.all(tree);
          new KernelCheck(tree, target, draft, devices).check(kernels);
        });
    part(
        "file systems",
        () ->
            tree.file("/etc/fstab")
                .ifPresent(
                    place ->
                        Fstab.rewritten(fstab, devices)
                            .ifPresent(
                                text ->
                                    draft.change(
                                        Change.replace(
                                            place, text, "device names become UUIDs")))));
    part("boot loader", () -> new BootCheck(tree, draft, devices).settings());
    part("encryption", this::encryption);
    part("network", () -> new NetworkCheck(tree, target, draft, cards).check());
    part("agents", this::agents);
    part("initramfs", this::keepDrivers);
    part("SELinux", this::labels);
  }

  /** One part that cannot be read does not hide the others. */
  private void part(String name, Runnable check) {
    try {
      check.run();
    } catch (SendenseException e) {
      switch (e.code()) {
        case GUEST_DAMAGED, GUEST_UNSUPPORTED, NOT_FOUND ->
            draft.blocker(name, String.valueOf(e.getMessage()));
        default -> throw e;
      }
    }
  }

  private void mounts(String fstab) {
    DeviceNames names = new DeviceNames(contents);
    for (Fstab.Entry entry : Fstab.entries(fstab)) {
      Optional<GuestVolume> volume = names.volume(entry.device());
      if (entry.path().matches("/[A-Za-z0-9/._-]+") && volume.isPresent()) {
        GuestFileSystem system = contents.systems().get(volume.get().name());
        if (system != null) {
          tree.mount(entry.path().replaceAll("/+$", ""), volume.get(), system);
        }
      }
    }
    if (fstab.contains("subvol=") && !fstab.isBlank()) {
      draft.note("file systems", "subvolumes of btrfs other than the default are not entered");
    }
  }

  private void encryption() {
    String table = tree.text("/etc/crypttab").orElse("");
    table
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 1 && DeviceNames.moves(words[1]))
        .forEach(
            words ->
                draft.warning(
                    "encryption",
                    "/etc/crypttab names "
                        + words[1]
                        + " for "
                        + words[0]
                        + "; set its UUID by hand"));
  }

  private void agents() {
    List<String> there = new ArrayList<>();
    for (Agent agent : AGENTS) {
      boolean installed = agent.programs().stream().anyMatch(tree::exists);
      boolean wanted = agent.platforms().contains(target.platform());
      if (installed) {
        there.add(agent.name());
      }
      if (installed && wanted) {
        enable(agent);
      } else if (wanted) {
        draft.note("agents", "not installed: " + agent.name() + "; install it afterwards");
      }
    }
    draft.note("agents", there.isEmpty() ? "none is installed" : "installed: " + there);
  }

  private void enable(Agent agent) {
    String wants = "/etc/systemd/system/multi-user.target.wants";
    boolean unit = tree.exists("/lib/systemd/system/" + agent.unit());
    boolean linked =
        tree.exists(wants + "/" + agent.unit())
            // udev starts this one when it sees its port.
            || agent.unit().equals("qemu-guest-agent.service");
    Optional<GuestTree.Place> folder = tree.folder(wants);
    if (unit && !linked && folder.isPresent()) {
      draft.change(
          new Change(
              Change.Kind.LINK,
              folder.get().volume().name(),
              folder.get().path() + "/" + agent.unit(),
              -1,
              ("/lib/systemd/system/" + agent.unit())
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8),
              "the " + agent.name() + " is installed and not started"));
    }
  }

  /** So that the next initramfs, which the guest makes itself, has the drivers too. */
  private void keepDrivers() {
    if (kernels.isEmpty()) {
      return;
    }
    List<String> drivers =
        target.disk().stream()
            .filter(name -> kernels.stream().anyMatch(k -> k.modules().path(name).isPresent()))
            .toList();
    if (drivers.isEmpty()) {
      return;
    }
    Optional<GuestTree.Place> dracut = tree.folder("/etc/dracut.conf.d");
    Optional<GuestTree.Place> debian = tree.file("/etc/initramfs-tools/modules");
    if (dracut.isPresent() && !tree.exists("/etc/dracut.conf.d/sendense.conf")) {
      draft.change(
          Change.create(
              dracut.get(),
              "sendense.conf",
              "add_drivers+=\" " + String.join(" ", drivers) + " \"\n",
              "the next initramfs that the guest makes keeps the drivers"));
    }
    if (debian.isPresent()) {
      String text = GuestTree.text(debian.get());
      List<String> more =
          drivers.stream().filter(name -> text.lines().noneMatch(name::equals)).toList();
      if (!more.isEmpty()) {
        draft.change(
            Change.replace(
                debian.get(),
                (text.isEmpty() || text.endsWith("\n") ? text : text + "\n")
                    + String.join("\n", more)
                    + "\n",
                "the next initramfs that the guest makes keeps the drivers"));
      }
    }
  }

  /** New files have no label; a guest that enforces labels has to give them some. */
  private void labels() {
    String text = tree.text("/etc/selinux/config").orElse("SELINUX=disabled");
    boolean used =
        text.lines().anyMatch(line -> line.matches("SELINUX=(enforcing|permissive)\\s*"));
    boolean makes = draft.changes().stream().anyMatch(c -> c.kind() == Change.Kind.CREATE);
    if (used && makes && !tree.exists("/.autorelabel")) {
      GuestTree.Place root = tree.folder("/").orElseThrow();
      draft.change(
          Change.create(root, ".autorelabel", "\n", "SELinux labels the new files at first start"));
    }
  }
}
