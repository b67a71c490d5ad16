package io.sendense.connectors.spi;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A machine as the text that its restore points keep: {@code docs/formats/machine.md}. */
public final class MachineText {
  /** What an annotation of a point can hold. */
  public static final int MAX_CHARACTERS = 4000;

  private static final String VERSION = "machine1";
  private static final String NONE = "-";

  private MachineText() {}

  /** The text; empty where the machine has more disks and networks than an annotation can hold. */
  public static Optional<String> write(Machine machine) {
    StringBuilder text = new StringBuilder(VERSION).append('\n');
    line(text, "id", machine.id());
    line(text, "name", machine.name());
    line(text, "processors", Integer.toString(machine.hardware().processors()));
    line(text, "memory", Long.toString(machine.hardware().memoryBytes()));
    line(text, "firmware", machine.hardware().firmware().name().toLowerCase(Locale.ROOT));
    line(text, "tpm", machine.hardware().tpm() ? "yes" : "no");
    for (Machine.Disk disk : machine.disks()) {
      line(text, "disk", disk.name(), Long.toString(disk.sizeBytes()), disk.medium());
    }
    for (Machine.Nic nic : machine.nics()) {
      line(text, "nic", nic.network(), nic.mac().orElse(NONE));
    }
    new TreeMap<>(machine.details()).forEach((key, value) -> line(text, "detail", key, value));
    return text.length() <= MAX_CHARACTERS ? Optional.of(text.toString()) : Optional.empty();
  }

  /**
   * Reads such a text; lines with unknown keys are left out, so that later versions may add some.
   * The machine's power is UNKNOWN and its disks' tracking is not told.
   *
   * @throws SendenseException STORE_UNKNOWN_VERSION, STORE_DAMAGED
   */
  public static Machine read(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(VERSION)) {
      throw new SendenseException(
          ErrorCode.STORE_UNKNOWN_VERSION,
          "the point's description of its machine is not of version " + VERSION,
          "Use the version of the appliance that made the point, or restore its disks alone.");
    }
    try {
      return read(lines.subList(1, lines.size()));
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.STORE_DAMAGED,
          "the point's description of its machine cannot be read: " + e.getMessage(),
          "Restore its disks alone and make the machine by hand.",
          e);
    }
  }

  private static Machine read(List<String> lines) {
    Map<String, String> single = new HashMap<>();
    Map<String, String> details = new HashMap<>();
    List<Machine.Disk> disks = new ArrayList<>();
    List<Machine.Nic> nics = new ArrayList<>();
    for (String line : lines) {
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("a line has no equals sign");
      }
      String key = line.substring(0, equals);
      String[] values = line.substring(equals + 1).split(" ", -1);
      for (int i = 0; i < values.length; i++) {
        values[i] = URLDecoder.decode(values[i], StandardCharsets.UTF_8);
      }
      switch (key) {
        case "disk" -> {
          need(values, 3, key);
          disks.add(
              new Machine.Disk(values[0], Long.parseLong(values[1]), values[2], Optional.empty()));
        }
        case "nic" -> {
          need(values, 2, key);
          nics.add(
              new Machine.Nic(
                  values[0],
                  values[1].equals(NONE) ? Optional.<String>empty() : Optional.of(values[1])));
        }
        case "detail" -> {
          need(values, 2, key);
          details.put(values[0], values[1]);
        }
        default -> single.put(key, values[0]);
      }
    }
    return new Machine(
        single.getOrDefault("id", ""),
        single.getOrDefault("name", ""),
        Machine.Power.UNKNOWN,
        new Machine.Hardware(
            Integer.parseInt(single.getOrDefault("processors", "")),
            Long.parseLong(single.getOrDefault("memory", "")),
            Machine.Firmware.valueOf(single.getOrDefault("firmware", "").toUpperCase(Locale.ROOT)),
            single.getOrDefault("tpm", "").equals("yes")),
        disks,
        nics,
        details);
  }

  private static void need(String[] values, int count, String key) {
    if (values.length != count) {
      throw new IllegalArgumentException(
          "a line " + key + " has " + values.length + " values instead of " + count);
    }
  }

  private static void line(StringBuilder text, String key, String... values) {
    text.append(key).append('=');
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : " ").append(URLEncoder.encode(values[i], StandardCharsets.UTF_8));
    }
    text.append('\n');
  }
}
