package io.sendense.recovery.convert;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.disk.GuestDisk;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.disk.Volumes;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.windows.DriverFolder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Looks at a guest's disks, reads only, and says what moving it to a platform takes. */
public final class Inspector {
  /** What ext4 and others keep for themselves beside a file's own bytes. */
  private static final long SLACK = 1 << 20;

  private Inspector() {}

  /**
   * @param disks all of the machine's, in its order; for this thread
   * @param cards addresses of the new machine's cards by the names the guest is to give them
   * @param drivers for Windows, where some were given
   * @param now what a changed registry says of when
   */
  public static Report inspect(
      List<GuestDisk> disks,
      Target target,
      Map<String, String> cards,
      Optional<DriverFolder> drivers,
      Instant now) {
    Draft draft = new Draft();
    Volumes.Found found = Volumes.find(disks);
    found.notes().forEach(note -> draft.note("volumes", note));
    Contents contents = new Contents(found.volumes());
    contents.findings().forEach(draft::add);
    states(contents, draft);
    String firmware = BootCheck.firmware(disks, found.volumes(), contents.systems(), draft);
    List<GuestVolume> roots =
        found.volumes().stream().filter(volume -> isLinux(contents, volume)).toList();
    List<GuestVolume> windows =
        found.volumes().stream().filter(volume -> isWindows(contents, volume)).toList();
    if (roots.size() == 1) {
      LinuxCheck linux = new LinuxCheck(contents, roots.getFirst(), target, draft);
      linux.check(cards);
      Optional<Report.Helper> helper = Helpers.of(linux, contents, draft);
      space(contents, draft);
      return new Report(
          target,
          linux.name(),
          firmware,
          linux.kernels().stream().map(Kernel::version).toList(),
          draft.findings(),
          draft.changes(),
          found.volumes(),
          helper);
    }
    String system = "unknown";
    if (roots.size() > 1) {
      draft.blocker(
          "system",
          "several volumes hold a Linux: " + roots.stream().map(GuestVolume::name).toList());
    } else if (windows.isEmpty()) {
      draft.blocker("system", "no volume holds a Linux or a Windows that can be read");
    } else {
      GuestVolume volume = windows.getFirst();
      GuestFileSystem fileSystem = contents.systems().get(volume.name());
      if (fileSystem != null) {
        system = new WindowsCheck(volume, fileSystem, target, drivers, now, draft).check();
        space(contents, draft);
      }
    }
    return new Report(
        target,
        system,
        firmware,
        List.of(),
        draft.findings(),
        draft.changes(),
        found.volumes(),
        Optional.empty());
  }

  private static boolean isLinux(Contents contents, GuestVolume volume) {
    GuestFileSystem system = contents.systems().get(volume.name());
    try {
      return system != null && LinuxCheck.isRoot(volume, system);
    } catch (SendenseException e) {
      return false;
    }
  }

  private static boolean isWindows(Contents contents, GuestVolume volume) {
    GuestFileSystem system = contents.systems().get(volume.name());
    try {
      return system != null
          && system.type().equals("ntfs")
          && new GuestTree(volume, system).exists("/Windows/System32/config/SYSTEM");
    } catch (SendenseException e) {
      return false;
    }
  }

  /** What must not be written to, or cannot be read elsewhere. */
  private static void states(Contents contents, Draft draft) {
    contents
        .swaps()
        .forEach(
            (name, swap) -> {
              if (swap.hibernated()) {
                draft.blocker(
                    "hibernation",
                    "the machine was hibernated to "
                        + name
                        + ": start it on the old platform and"
                        + " shut it down before the point is made");
              }
            });
    for (GuestVolume volume : contents.volumes()) {
      String what = FileSystems.describe(volume.source()).orElse("");
      if (what.startsWith("BitLocker")) {
        draft.blocker(
            "encryption",
            volume.name()
                + " is encrypted by BitLocker, whose key may be in a vTPM that does not"
                + " move: suspend it in the guest (manage-bde -protectors -disable), then make a"
                + " point");
      } else if (what.startsWith("LUKS")) {
        draft.warning(
            "encryption",
            volume.name()
                + " is encrypted by LUKS: it cannot be looked into; a key in a vTPM does"
                + " not move, a passphrase does");
      }
    }
    contents
        .systems()
        .forEach(
            (name, system) -> {
              system.notes().forEach(note -> draft.note("volume " + name, note));
              if (system.type().equals("ntfs")) {
                hiberfil(name, system, draft);
              }
            });
  }

  /** Windows leaves "hibr" or "HIBR" at the file's start while it holds memory. */
  private static void hiberfil(String name, GuestFileSystem system, Draft draft) {
    try {
      system
          .root()
          .child(GuestName.of("hiberfil.sys"))
          .filter(file -> file.attributes().sizeBytes() >= 4096)
          .ifPresent(
              file -> {
                byte[] head = new byte[4];
                file.content().read(0, java.nio.ByteBuffer.wrap(head));
                String magic = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1);
                if (magic.equalsIgnoreCase("hibr") || magic.equalsIgnoreCase("rstr")) {
                  draft.blocker(
                      "hibernation",
                      "Windows on "
                          + name
                          + " is hibernated, or was shut down with Fast Startup:"
                          + " restart it and shut it down with shutdown /s /t 0");
                }
              });
    } catch (SendenseException e) {
      draft.warning("hibernation", name + ": hiberfil.sys cannot be read: " + e.getMessage());
    }
  }

  private static void space(Contents contents, Draft draft) {
    contents
        .systems()
        .forEach(
            (name, system) -> {
              long needed =
                  draft.changes().stream()
                      .filter(change -> change.volume().equals(name))
                      .mapToLong(Change::needs)
                      .sum();
              OptionalLong free = system.freeBytes();
              if (needed > 0 && free.isPresent() && free.getAsLong() < needed + SLACK) {
                draft.blocker(
                    "space",
                    name
                        + " has "
                        + free.getAsLong()
                        + " bytes free, and "
                        + needed
                        + " are needed: "
                        + (system.type().equals("ntfs")
                            ? "free space in the guest"
                            : "remove old kernels from the guest"));
              }
            });
  }
}
