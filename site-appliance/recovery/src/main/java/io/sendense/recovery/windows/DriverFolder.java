package io.sendense.recovery.windows;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of drivers that the operator gave, such as what is in a platform's driver image. */
public final class DriverFolder {
  private static final int DEEP = 8;
  private static final int MOST_FILES = 20_000;

  private final Path folder;

  /**
   * @param folder with INF files at any depth up to 8
   */
  public DriverFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * The drivers of these devices for a Windows, the fittest of each service: folders that are named
   * after that Windows go before others, as in the image of virtio drivers.
   *
   * @param ids beginnings of device identifiers, such as PCI\VEN_1AF4&amp;DEV_1001
   * @throws SendenseException NOT_FOUND where the folder cannot be read
   */
  public List<DriverPackage> forDevices(List<String> ids, WindowsVersion windows) {
    Map<String, DriverPackage> best = new LinkedHashMap<>();
    Map<String, Integer> ranks = new LinkedHashMap<>();
    try {
      for (Path inf : infs()) {
        int rank = rank(inf, windows);
        DriverPackage driver = DriverPackage.read(inf, windows).orElse(null);
        if (driver == null || rank < 0 || !driver.drives(ids)) {
          continue;
        }
        String service = driver.service().toLowerCase(Locale.ROOT);
        if (rank > ranks.getOrDefault(service, -1)) {
          ranks.put(service, rank);
          best.put(service, driver);
        }
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "the drivers in " + folder + " cannot be read: " + e,
          "Give a folder with drivers' .inf files, such as what is in the platform's driver image.",
          e);
    }
    return List.copyOf(best.values());
  }

  private List<Path> infs() throws IOException {
    List<Path> infs = new ArrayList<>();
    try (Stream<Path> all = Files.walk(folder, DEEP)) {
      all.limit(MOST_FILES)
          .filter(file -> file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".inf"))
          .filter(Files::isRegularFile)
          .forEach(infs::add);
    }
    infs.sort(null);
    return infs;
  }

  private int rank(Path inf, WindowsVersion windows) {
    int rank = 1;
    for (Path part : folder.relativize(inf)) {
      String name = part.toString().toLowerCase(Locale.ROOT);
      int fit = windows.folders().indexOf(name);
      if (fit >= 0) {
        rank = 100 - fit;
      } else if (name.matches("w(xp|7|8|8\\.1|10|11)|2k(3|8|8r2|12|12r2|16|19|22|25)")) {
        return -1;
      }
    }
    return rank;
  }
}
