package io.sendense.recovery.windows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A driver of one service as its INF file describes it for one Windows.
 *
 * @param inf the INF file; what belongs to it lies beside it
 * @param provider who gives it, for people
 * @param version such as "06/15/2022,100.90.104.21500"
 * @param ids the devices it drives, such as PCI\VEN_1AF4&amp;DEV_1001, with the section that
 *     installs it for each
 * @param service its name in the registry
 * @param binary the file's name
 * @param settings of the service, relative to its key
 */
public record DriverPackage(
    Path inf,
    String provider,
    String version,
    String classGuid,
    Map<String, String> ids,
    String service,
    String group,
    int type,
    int errorControl,
    String binary,
    List<Setting> settings) {
  private static final int MOST_INF = 1 << 20;

  /** A number in a key of the registry, of which there may be several. */
  public record Setting(String key, String name, int number) {}

  /** Whether it drives a device whose identifier begins so, up to an ampersand or the end. */
  public boolean drives(List<String> wanted) {
    return ids.keySet().stream()
        .anyMatch(
            id -> wanted.stream().anyMatch(one -> id.equals(one) || id.startsWith(one + "&")));
  }

  /** The files that belong together, by their names. */
  public List<Path> files() throws IOException {
    try (var all = Files.list(inf.toAbsolutePath().resolveSibling("."))) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".pdb"))
          .map(Path::normalize)
          .sorted()
          .toList();
    }
  }

  /** What an INF file says for this Windows; empty where it has no service or no device for it. */
  static Optional<DriverPackage> read(Path file, WindowsVersion windows) throws IOException {
    if (Files.size(file) > MOST_INF) {
      return Optional.empty();
    }
    Inf inf = Inf.parse(Files.readAllBytes(file));
    Map<String, String> ids = new LinkedHashMap<>();
    for (Inf.Line maker : inf.section("Manufacturer")) {
      models(inf, maker, windows)
          .ifPresent(
              section ->
                  inf.section(section)
                      .forEach(
                          model -> {
                            for (int i = 1; i < model.values().size(); i++) {
                              ids.putIfAbsent(
                                  model.value(i).toUpperCase(Locale.ROOT), model.value(0));
                            }
                          }));
    }
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    String install = section(inf, ids.values().iterator().next(), ".Services", windows);
    Optional<Inf.Line> service =
        inf.lines(install, "AddService").stream()
            .filter(one -> one.value(2).length() > 0)
            .findFirst();
    return service.map(one -> of(file, inf, ids, one));
  }

  private static DriverPackage of(Path file, Inf inf, Map<String, String> ids, Inf.Line service) {
    String section = service.value(2);
    String binary = inf.value(section, "ServiceBinary").orElse("");
    return new DriverPackage(
        file,
        inf.value("Version", "Provider").orElse(""),
        inf.lines("Version", "DriverVer").stream()
            .map(line -> line.value(0) + "," + line.value(1))
            .findFirst()
            .orElse(""),
        inf.value("Version", "ClassGUID").orElse(""),
        ids,
        service.value(0),
        inf.value(section, "LoadOrderGroup").orElse(""),
        number(inf.value(section, "ServiceType").orElse("1")),
        number(inf.value(section, "ErrorControl").orElse("1")),
        binary.substring(binary.lastIndexOf('\\') + 1),
        inf.lines(section, "AddReg").stream()
            .flatMap(line -> line.values().stream())
            .flatMap(name -> inf.section(name).stream())
            .filter(line -> line.value(0).equalsIgnoreCase("HKR"))
            // Only numbers: 0x00010001 is the type of one.
            .filter(line -> (number(line.value(3)) & 0x10001) == 0x10001)
            .map(line -> new Setting(line.value(1), line.value(2), number(line.value(4))))
            .toList());
  }

  /** The section of models that fits best: "name, NTamd64.10.0...16299, NTamd64". */
  private static Optional<String> models(Inf inf, Inf.Line maker, WindowsVersion windows) {
    String name = maker.key().isEmpty() ? maker.value(0) : maker.values().getFirst();
    String best = "";
    long bestRank = -1;
    for (int i = 1; i < maker.values().size(); i++) {
      String decoration = maker.value(i);
      long rank = rank(decoration, windows);
      if (rank > bestRank && inf.has(name + "." + decoration)) {
        bestRank = rank;
        best = name + "." + decoration;
      }
    }
    if (bestRank < 0 && windows.architecture().equals("x86") && inf.has(name)) {
      return Optional.of(name);
    }
    return bestRank < 0 ? Optional.empty() : Optional.of(best);
  }

  /** -1 where it is not for this Windows; else the higher the newer: NTamd64.10.0.3.8.16299. */
  private static long rank(String decoration, WindowsVersion windows) {
    String[] parts = decoration.toLowerCase(Locale.ROOT).split("\\.", -1);
    if (!parts[0].equals("nt" + windows.architecture())) {
      return -1;
    }
    int major = part(parts, 1);
    int minor = part(parts, 2);
    int build = part(parts, 5);
    // The third says whether it is for servers only (3) or for others only (1).
    int product = part(parts, 3);
    if (!windows.isAtLeast(major, minor, build) || product == (windows.server() ? 1 : 3)) {
      return -1;
    }
    return major * 1_000_000_000L + minor * 10_000_000L + build;
  }

  private static int part(String[] parts, int at) {
    return at < parts.length && parts[at].matches("[0-9]{1,6}") ? Integer.parseInt(parts[at]) : 0;
  }

  /** A section's name may be followed by the architecture. */
  private static String section(Inf inf, String name, String ending, WindowsVersion windows) {
    for (String middle : List.of(".nt" + windows.architecture(), ".nt", "")) {
      if (inf.has(name + middle + ending)) {
        return name + middle + ending;
      }
    }
    return name + ending;
  }

  private static int number(String text) {
    try {
      return text.isEmpty() ? 0 : Integer.decode(text.toLowerCase(Locale.ROOT));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
