package io.sendense.recovery.convert;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.ntfs.NtfsFileSystem;
import io.sendense.recovery.registry.Hive;
import io.sendense.recovery.windows.DriverFolder;
import io.sendense.recovery.windows.DriverPackage;
import io.sendense.recovery.windows.SoftwareHive;
import io.sendense.recovery.windows.SystemHive;
import io.sendense.recovery.windows.WindowsVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeps a Windows from starting on a platform, and the changes that remove it. */
final class WindowsCheck {
  private static final String CONFIG = "/Windows/System32/config/";

  private final WindowsPaths paths;
  private final GuestFileSystem fileSystem;
  private final Target target;
  private final WindowsNeeds needs;
  private final Optional<DriverFolder> drivers;
  private final Instant now;
  private final Draft draft;

  WindowsCheck(
      GuestVolume volume,
      GuestFileSystem fileSystem,
      Target target,
      Optional<DriverFolder> drivers,
      Instant now,
      Draft draft) {
    this.paths = new WindowsPaths(volume, fileSystem);
    this.fileSystem = fileSystem;
    this.target = target;
    this.needs = WindowsNeeds.of(target.platform());
    this.drivers = drivers;
    this.now = now;
    this.draft = draft;
  }

  private record Opened(GuestTree.Place place, Hive hive) {}

  /** The name of the system. */
  String check() {
    draft.warning(
        "system",
        "what is changed for Windows follows its documents and was read back by other programs; no"
            + " Windows was started by it here: try the machine before the old one is given up");
    try {
      if (fileSystem instanceof NtfsFileSystem ntfs && !ntfs.clean()) {
        draft.blocker(
            "volume",
            "the file system's log holds changes that are not made yet, because Windows was running"
                + " or was cut off: shut it down with shutdown /s /t 0 and make a point then");
      }
      return checked();
    } catch (SendenseException e) {
      draft.blocker("registry", String.valueOf(e.getMessage()));
      return "Windows";
    }
  }

  private String checked() {
    Opened system = open("SYSTEM");
    Opened software = open("SOFTWARE");
    // Since Windows 10 1803 the database of drivers is a hive of its own.
    Optional<Opened> database =
        system.hive().find("DriverDatabase").isPresent() || paths.find(CONFIG + "DRIVERS").isEmpty()
            ? Optional.empty()
            : Optional.of(open("DRIVERS"));
    if (SystemHive.controlSet(system.hive()).isEmpty()) {
      throw Guest.damaged("registry hive", "SYSTEM", 0, "it does not say which control set starts");
    }
    SystemHive entries =
        new SystemHive(system.hive(), database.map(Opened::hive).orElse(system.hive()));
    SoftwareHive settings = new SoftwareHive(software.hive());
    WindowsVersion windows =
        settings
            .version(entries.architecture())
            .orElseThrow(
                () -> Guest.damaged("registry hive", "SOFTWARE", 0, "it does not name a build"));
    boolean injected = inject(entries, settings, windows);
    boolean own = own(entries);
    if (!injected && !own) {
      draft.blocker(
          "drivers",
          "Windows has no driver for disks of "
              + target.label()
              + (needs.disks().isEmpty()
                  ? ""
                  : ": give the platform's drivers with --drivers FOLDER"));
    } else if (!injected && !needs.otherwise().isEmpty()) {
      draft.warning(
          "drivers",
          "no driver for the usual disks of "
              + target.label()
              + " was given (--drivers FOLDER): give the machine "
              + needs.otherwise());
    }
    patch(system, "which drivers are loaded at the start");
    patch(software, "where Windows looks for drivers of new devices");
    database.ifPresent(one -> patch(one, "which driver a device has"));
    return windows.name() + " (build " + windows.build() + ")";
  }

  /** Windows's own drivers: it has them, and may not load them at its start. */
  private boolean own(SystemHive entries) {
    boolean any = false;
    for (List<String> way : needs.own()) {
      boolean there = way.stream().allMatch(service -> isThere(entries, service));
      if (there) {
        any = true;
        for (String service : way) {
          if (!entries.starts(service)) {
            entries.start(service);
            draft.note(
                "drivers", "Windows's own " + service + " is loaded at the start from now on");
          }
        }
      }
    }
    return any;
  }

  private boolean isThere(SystemHive entries, String service) {
    return entries
        .file(service)
        .flatMap(
            file -> {
              String path = file.replace('\\', '/').toLowerCase(java.util.Locale.ROOT);
              path = path.startsWith("/systemroot/") ? path.substring(12) : path;
              return paths.find("/Windows/" + path);
            })
        .isPresent();
  }

  /** Drivers that were given. Whether one for disks is among them. */
  private boolean inject(SystemHive entries, SoftwareHive settings, WindowsVersion windows) {
    if (drivers.isEmpty()) {
      return false;
    }
    List<String> wanted = new ArrayList<>(needs.disks());
    wanted.addAll(needs.cards());
    boolean disks = false;
    boolean cards = false;
    for (DriverPackage driver : drivers.get().forDevices(wanted, windows)) {
      WindowsDriverFiles files = new WindowsDriverFiles(paths, driver, draft);
      try {
        if (driver.drives(needs.disks())) {
          disks = true;
          files.binary();
          entries.install(driver, windows);
        } else {
          cards = true;
        }
        settings.lookIn(files.keep());
      } catch (IOException e) {
        throw new UncheckedIOException("a driver's files cannot be read", e);
      }
      draft.note(
          "drivers",
          driver.service()
              + " of "
              + driver.provider()
              + ", "
              + driver.version()
              + ": "
              + driver.inf());
    }
    if (!disks && !needs.disks().isEmpty()) {
      draft.warning(
          "drivers", "the folder has no driver of " + needs.disks() + " for " + windows.name());
    }
    if (!cards && !needs.cards().isEmpty()) {
      draft.warning(
          "drivers", "the folder has no driver of " + needs.cards() + " for " + windows.name());
    }
    return disks;
  }

  private Opened open(String name) {
    GuestTree.Place place =
        paths
            .find(CONFIG + name)
            .orElseThrow(() -> Guest.damaged("Windows", CONFIG + name, 0, "it is not there"));
    return new Opened(place, Hive.open(place.file().content(), name, now));
  }

  private void patch(Opened opened, String why) {
    var patches = opened.hive().finish();
    if (!patches.isEmpty()) {
      draft.change(Change.patch(opened.place(), patches, "registry: " + why));
    }
  }
}
