package io.sendense.recovery.windows;

import io.sendense.recovery.registry.Hive;
import io.sendense.recovery.registry.Key;
import io.sendense.recovery.registry.Value;
import java.util.Locale;
import java.util.Optional;

/** What Windows is, and where it looks for drivers of new devices, in the SOFTWARE hive. */
public final class SoftwareHive {
  private static final String VERSION = "Microsoft\\Windows NT\\CurrentVersion";
  private static final String WINDOWS = "Microsoft\\Windows\\CurrentVersion";
  private static final String DEVICE_PATH = "DevicePath";

  private final Hive hive;

  public SoftwareHive(Hive hive) {
    this.hive = hive;
  }

  /** Empty where the hive does not say which build it is. */
  public Optional<WindowsVersion> version(String architecture) {
    return hive.find(VERSION).flatMap(key -> version(key, architecture));
  }

  private static Optional<WindowsVersion> version(Key key, String architecture) {
    String build = text(key, "CurrentBuildNumber");
    if (build.isEmpty()) {
      build = text(key, "CurrentBuild");
    }
    if (!build.matches("[0-9]{4,6}")) {
      return Optional.empty();
    }
    String name = text(key, "ProductName");
    boolean server =
        text(key, "InstallationType").toLowerCase(Locale.ROOT).startsWith("server")
            || name.contains("Server");
    return Optional.of(
        new WindowsVersion(
            name.isEmpty() ? "Windows" : name, Integer.parseInt(build), server, architecture));
  }

  /**
   * Adds a folder to those in which Windows looks for the drivers of a device that it does not know
   * ("DevicePath", a documented setting).
   *
   * @param folder such as %SystemRoot%\drivers
   */
  public void lookIn(String folder) {
    Key key = hive.make(WINDOWS);
    String path = key.value(DEVICE_PATH).map(Value::asText).orElse("%SystemRoot%\\inf");
    for (String one : path.split(";", -1)) {
      if (one.strip().equalsIgnoreCase(folder)) {
        return;
      }
    }
    key.set(DEVICE_PATH, Value.expanded(path + ";" + folder));
  }

  private static String text(Key key, String name) {
    return key.value(name).map(Value::asText).orElse("");
  }
}
