package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.windows.DriverPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Brings the files of one driver into a Windows. */
final class WindowsDriverFiles {
  private static final String KEPT = "SendenseDrivers";
  private static final int MOST = 32 << 20;

  private final WindowsPaths paths;
  private final DriverPackage driver;
  private final Draft draft;

  WindowsDriverFiles(WindowsPaths paths, DriverPackage driver, Draft draft) {
    this.paths = paths;
    this.driver = driver;
    this.draft = draft;
  }

  /** The driver itself, to where Windows loads it from at its start. */
  void binary() throws IOException {
    Path file =
        driver.files().stream()
            .filter(one -> one.getFileName().toString().equalsIgnoreCase(driver.binary()))
            .findFirst()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.NOT_FOUND,
                        driver.binary() + " is not beside " + driver.inf(),
                        "Give the driver's whole folder."));
    put("/Windows/System32/drivers", driver.binary(), file, "the driver " + driver.service());
  }

  /**
   * All of it, to a folder in which Windows is to look for it.
   *
   * @return that folder as Windows writes it
   */
  String keep() throws IOException {
    String name = driver.service().toLowerCase(Locale.ROOT);
    for (Path file : driver.files()) {
      put(
          "/Windows/" + KEPT + "/" + name,
          file.getFileName().toString(),
          file,
          "Windows sets the driver up from it");
    }
    return "%SystemRoot%\\" + KEPT + "\\" + name;
  }

  private void put(String folder, String name, Path file, String why) throws IOException {
    if (Files.size(file) > MOST) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          file + " has " + Files.size(file) + " bytes, more than " + MOST,
          "Leave in the folder only what the driver needs.");
    }
    byte[] content = Files.readAllBytes(file);
    Optional<GuestTree.Place> there = paths.find(folder + "/" + name);
    if (there.isPresent()) {
      if (!Arrays.equals(GuestTree.bytes(there.get(), MOST), content)) {
        draft.change(Change.replace(there.get(), content, why));
      }
      return;
    }
    draft.change(Change.create(paths.nearest(folder), name, content, why));
  }
}
