package io.sendense.appliance.daemon;

import io.sendense.appliance.store.StoreAccess;
import io.sendense.engine.Script;
import io.sendense.engine.limits.BackupWindow;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads what the configuration says of when and how jobs run; faults are collected. */
final class JobSection {
  private static final int SCRIPT_SECONDS = 300;
  private static final int SCRIPT_SECONDS_MAX = 86_400;
  private static final int WORDS_MAX = 100;
  private static final int PARTS_MAX = 9_999;
  private static final int HOURS_MAX = 24 * 366;
  private static final Set<String> HOUSE = Set.of("collectHours", "verifyHours", "verifyParts");

  /** Not less: a pack of 64 MiB has to pass within a transfer's patience of an hour. */
  private static final String BANDWIDTH = "megabytesPerSecond";

  private static final Set<String> LIMITS = Set.of("jobs", "perRepository", BANDWIDTH);

  private JobSection() {}

  static JobLimits limits(JsonNode node, List<String> faults) {
    node.propertyNames().stream()
        .filter(name -> !LIMITS.contains(name))
        .forEach(name -> faults.add("the setting \"" + name + "\" of \"limits\" is not known"));
    return new JobLimits(
        number(node, "jobs", JobLimits.DEFAULT.jobs(), JobLimits.MOST, faults),
        number(node, "perRepository", JobLimits.DEFAULT.perRepository(), JobLimits.MOST, faults),
        node.has(BANDWIDTH)
            ? 1_000_000L * number(node, BANDWIDTH, 1, StoreAccess.MEGABYTES_MAX, faults)
            : JobLimits.DEFAULT.bytesPerSecond());
  }

  /** {@code {"collectHours": 24, "verifyHours": 24, "verifyParts": 30}}; 0 hours for never. */
  static HouseRules house(JsonNode node, List<String> faults) {
    node.propertyNames().stream()
        .filter(name -> !HOUSE.contains(name))
        .forEach(
            name -> faults.add("the setting \"" + name + "\" of \"housekeeping\" is not known"));
    return new HouseRules(
        hours(node, "collectHours", HouseRules.DEFAULT.collectEvery(), faults),
        hours(node, "verifyHours", HouseRules.DEFAULT.verifyEvery(), faults),
        number(node, "verifyParts", HouseRules.DEFAULT.verifyParts(), PARTS_MAX, faults));
  }

  private static Duration hours(
      JsonNode node, String name, Duration otherwise, List<String> faults) {
    JsonNode value = node.path(name);
    if (value.isInt() && value.asInt() == 0) {
      return Duration.ZERO;
    }
    return Duration.ofHours(number(node, name, (int) otherwise.toHours(), HOURS_MAX, faults));
  }

  static Optional<BackupWindow> window(JsonNode node, List<String> faults) {
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          BackupWindow.parse(ZoneId.of(node.path("zone").asString("")), texts(node.path("open"))));
    } catch (DateTimeException e) {
      faults.add("a \"window\" needs a \"zone\" such as \"Europe/Zurich\"");
    } catch (IllegalArgumentException e) {
      faults.add("\"open\" of a \"window\": " + e.getMessage());
    }
    return Optional.empty();
  }

  /** {@code "before": {"command": ["/path", "word"], "seconds": 300}}. */
  static Optional<Script> script(JsonNode entry, String name, List<String> faults) {
    JsonNode node = entry.path(name);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    List<String> command = texts(node.path("command"));
    if (command.isEmpty() || command.size() > WORDS_MAX || !command.getFirst().startsWith("/")) {
      faults.add(
          "\"" + name + "\" needs a \"command\": a list with a program's absolute path first");
      return Optional.empty();
    }
    int seconds = number(node, "seconds", SCRIPT_SECONDS, SCRIPT_SECONDS_MAX, faults);
    return Optional.of(new Script(command, Duration.ofSeconds(seconds)));
  }

  private static int number(
      JsonNode node, String name, int otherwise, int most, List<String> faults) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > most) {
      faults.add("\"" + name + "\" must be a number from 1 to " + most);
      return otherwise;
    }
    return value.asInt();
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asString("")));
    return texts;
  }
}
