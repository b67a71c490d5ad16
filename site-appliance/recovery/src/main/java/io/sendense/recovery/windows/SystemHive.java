package io.sendense.recovery.windows;

import io.sendense.recovery.registry.Hive;
import io.sendense.recovery.registry.Key;
import io.sendense.recovery.registry.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The drivers that Windows loads at its start, in the SYSTEM hive. Entries are made as Windows's
 * own setup of a driver leaves them; where the drives' letters are kept, nothing is touched.
 */
public final class SystemHive {
  private static final int BOOT = 0;

  /** What a device's entry says of its driver: that it fits wholly. */
  private static final Value FITS = Value.binary((byte) 1, (byte) 0xFF, (byte) 0, (byte) 0);

  private final Hive hive;
  private final Hive drivers;
  private final String controlSet;

  /**
   * @param drivers the hive that has the database of drivers, which newer Windows keep in a file of
   *     its own; may be the same
   */
  public SystemHive(Hive hive, Hive drivers) {
    this.hive = hive;
    this.drivers = drivers;
    this.controlSet = controlSet(hive).orElse("ControlSet001");
  }

  /** The control set that Windows starts with; empty where the hive is none of SYSTEM's. */
  public static Optional<String> controlSet(Hive hive) {
    return hive.find("Select")
        .flatMap(key -> key.value("Current"))
        .map(Value::asNumber)
        .filter(number -> number > 0 && number < 1000)
        .map(number -> String.format("ControlSet%03d", number))
        .filter(name -> hive.root().key(name).isPresent());
  }

  /** INF files' name of what Windows runs on. */
  public String architecture() {
    String said =
        hive.find(controlSet + "\\Control\\Session Manager\\Environment")
            .flatMap(key -> key.value("PROCESSOR_ARCHITECTURE"))
            .map(value -> value.asText().toLowerCase(Locale.ROOT))
            .orElse("amd64");
    return said.equals("x86") || said.equals("arm64") ? said : "amd64";
  }

  /** The file of a driver that is set up, as the registry has it; empty where it is not set up. */
  public Optional<String> file(String service) {
    return service(service)
        .map(
            key ->
                key.value("ImagePath")
                    .map(Value::asText)
                    .orElse("system32\\drivers\\" + service + ".sys"));
  }

  /** Whether a driver that is set up is loaded at the start, whatever the hardware was. */
  public boolean starts(String service) {
    return service(service)
        .filter(
            key ->
                key.value("Start").map(Value::asNumber).orElse(-1) == BOOT
                    && key.key("StartOverride").isEmpty())
        .isPresent();
  }

  /** Has a driver that is set up loaded at the start. */
  public void start(String service) {
    service(service)
        .ifPresent(
            key -> {
              key.set("Start", Value.number(BOOT));
              // It takes a driver back whose hardware was not there when Windows was set up.
              key.remove("StartOverride");
            });
  }

  /** Sets up a driver whose file lies in system32\drivers, and has it loaded at the start. */
  public void install(DriverPackage driver, WindowsVersion windows) {
    Key key = hive.make(controlSet + "\\Services\\" + driver.service());
    key.set("Type", Value.number(driver.type()));
    key.set("Start", Value.number(BOOT));
    key.set("ErrorControl", Value.number(driver.errorControl()));
    key.set("ImagePath", Value.expanded("system32\\drivers\\" + driver.binary()));
    if (!driver.group().isEmpty()) {
      key.set("Group", Value.text(driver.group()));
    }
    key.remove("StartOverride");
    settings(key, driver.settings());
    if (windows.hasDriverDatabase()) {
      database(driver);
    } else {
      critical(driver);
    }
  }

  /** Before Windows 8: which service a device needs before anything else is known. */
  private void critical(DriverPackage driver) {
    for (String id : driver.ids().keySet()) {
      Key key =
          hive.make(
              controlSet
                  + "\\Control\\CriticalDeviceDatabase\\"
                  + id.toLowerCase(Locale.ROOT).replace('\\', '#'));
      key.set("Service", Value.text(driver.service()));
      key.set("ClassGUID", Value.text(driver.classGuid()));
    }
  }

  private void database(DriverPackage driver) {
    String inf = "sendense_" + driver.service().toLowerCase(Locale.ROOT) + ".inf";
    String label = inf + "_amd64_" + label(driver);
    Key files = drivers.make("DriverDatabase\\DriverInfFiles\\" + inf);
    files.set("", Value.texts(List.of(label)));
    files.set("Active", Value.text(label));
    List<String> sections = driver.ids().values().stream().distinct().toList();
    files.set("Configurations", Value.texts(sections));
    Key kept = drivers.make("DriverDatabase\\DriverPackages\\" + label);
    kept.set("", Value.text(inf));
    kept.set("InfName", Value.text(driver.inf().getFileName().toString()));
    kept.set("Provider", Value.text(driver.provider()));
    kept.set("Version", Value.binary(version(driver)));
    for (String section : sections) {
      Key configuration = kept.make("Configurations").make(section);
      configuration.set("ConfigFlags", Value.number(0));
      configuration.set("Service", Value.text(driver.service()));
      settings(configuration.make("Services").make(driver.service()), driver.settings());
    }
    for (Map.Entry<String, String> id : driver.ids().entrySet()) {
      int bus = id.getKey().indexOf('\\');
      if (bus > 0) {
        String device = id.getKey().substring(bus + 1);
        String kind = id.getKey().substring(0, bus);
        kept.make("Descriptors")
            .make(kind)
            .make(device)
            .set("Configuration", Value.text(id.getValue()));
        drivers.make("DriverDatabase\\DeviceIds\\" + kind + "\\" + device).set(inf, FITS);
      }
    }
  }

  private static void settings(Key service, List<DriverPackage.Setting> settings) {
    for (DriverPackage.Setting setting : settings) {
      Key at = service;
      for (String name : setting.key().split("\\\\", -1)) {
        at = name.isEmpty() ? at : at.make(name);
      }
      at.set(setting.name(), Value.number(setting.number()));
    }
  }

  /** A layout of 48 bytes: two numbers, the class, the driver's date, its version, nothing. */
  private static byte[] version(DriverPackage driver) {
    byte[] bytes = new byte[48];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0, 0x0009_FF00);
    UUID guid = guid(driver.classGuid());
    out.putInt(8, (int) (guid.getMostSignificantBits() >>> 32));
    out.putShort(12, (short) (guid.getMostSignificantBits() >>> 16));
    out.putShort(14, (short) guid.getMostSignificantBits());
    out.order(ByteOrder.BIG_ENDIAN).putLong(16, guid.getLeastSignificantBits());
    String[] said = driver.version().split(",", 2);
    out.order(ByteOrder.LITTLE_ENDIAN).putLong(24, date(said[0]));
    String[] parts = (said.length > 1 ? said[1] : "").split("\\.", -1);
    for (int i = 0; i < 4; i++) {
      int part =
          i < parts.length && parts[i].matches("[0-9]{1,5}") ? Integer.parseInt(parts[i]) : 0;
      out.putShort(32 + 2 * (3 - i), (short) part);
    }
    return bytes;
  }

  private static UUID guid(String text) {
    try {
      return UUID.fromString(text.replace("{", "").replace("}", ""));
    } catch (IllegalArgumentException e) {
      return new UUID(0, 0);
    }
  }

  /** Months come first; 0 where it is no date. */
  private static long date(String text) {
    String[] parts = text.split("/", -1);
    try {
      LocalDate day =
          LocalDate.of(
              Integer.parseInt(parts[2]), Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      return (day.atStartOfDay().toEpochSecond(ZoneOffset.UTC) + 11_644_473_600L) * 10_000_000L;
    } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return 0;
    }
  }

  /** Sixteen digits, the same for the same driver. */
  private static String label(DriverPackage driver) {
    return UUID.nameUUIDFromBytes(
            (driver.service() + driver.version()).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .toString()
        .replace("-", "")
        .substring(0, 16);
  }

  private Optional<Key> service(String name) {
    return hive.find(controlSet + "\\Services\\" + name);
  }
}
