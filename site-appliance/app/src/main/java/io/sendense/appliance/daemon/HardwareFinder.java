package io.sendense.appliance.daemon;

import io.sendense.licensing.grant.HardwareFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds out what this machine is made of, from {@code /sys} and {@code /proc} as the kernel
 * documents them (Documentation/ABI). What cannot be read, or is what makers put where nothing was
 * set, is left out: a licence is bound to what was found, and holds while most of it is found
 * again.
 */
final class HardwareFinder {
  /** Longer is no name of a part. */
  private static final int MOST_CHARACTERS = 256;

  private static final Set<String> NOTHING =
      Set.of(
          "", "none", "unknown", "not specified", "default string", "to be filled by o.e.m.", "0");

  private final Path root;

  /**
   * @param root the file system to look in, {@code /} but in tests
   */
  HardwareFinder(Path root) {
    this.root = root;
  }

  HardwareFacts find() {
    Map<String, String> found = new TreeMap<>();
    put(found, "system-uuid", line("sys/class/dmi/id/product_uuid"));
    put(found, "system-serial", line("sys/class/dmi/id/product_serial"));
    put(found, "board-serial", line("sys/class/dmi/id/board_serial"));
    put(found, "machine-id", line("etc/machine-id"));
    put(found, "processor", processor());
    put(found, "network-card", first("sys/class/net", "address", "device"));
    put(found, "disk", first("sys/block", "serial", "device"));
    return new HardwareFacts(found);
  }

  private static void put(Map<String, String> found, String kind, Optional<String> value) {
    value
        .map(String::strip)
        .filter(text -> !NOTHING.contains(text.toLowerCase(Locale.ROOT)))
        .filter(text -> text.length() <= MOST_CHARACTERS)
        .ifPresent(text -> found.put(kind, text));
  }

  /** Model and stepping; the microcode changes with every update of the system. */
  private Optional<String> processor() {
    List<String> parts = new ArrayList<>();
    try (var lines = Files.lines(root.resolve("proc/cpuinfo"), StandardCharsets.UTF_8)) {
      lines
          .takeWhile(line -> !line.isBlank())
          .filter(line -> line.startsWith("model name") || line.startsWith("stepping"))
          .forEach(line -> parts.add(line.substring(line.indexOf(':') + 1).strip()));
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", parts));
  }

  /** The attribute of the first thing by name that is a real device; loops and bridges are none. */
  private Optional<String> first(String folder, String attribute, String proof) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root.resolve(folder))) {
      all.forEach(entries::add);
    } catch (IOException e) {
      return Optional.empty();
    }
    return entries.stream()
        .sorted()
        .filter(entry -> Files.exists(entry.resolve(proof)))
        .map(entry -> root.relativize(entry.resolve(attribute)).toString())
        .flatMap(path -> line(path).stream())
        .findFirst();
  }

  private Optional<String> line(String path) {
    try (var lines = Files.lines(root.resolve(path), StandardCharsets.UTF_8)) {
      return lines.findFirst();
    } catch (IOException | java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
