package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.ProofShape;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.machine.GuestAddress;
import io.sendense.recovery.prove.Check;
import io.sendense.recovery.prove.CheckParser;
import io.sendense.recovery.work.WorkPlaces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Reads what the configuration says of proofs of recovery; faults are collected. */
final class ProofSection {
  private static final int SCHEDULES_MAX = 100;
  private static final int HOURS_MAX = 24 * 366;
  private static final int POINTS_MAX = 10_000;
  private static final int MINUTES_MAX = 24 * 60;
  private static final int MEBIBYTES_MAX = 1 << 22;
  private static final int PROCESSORS_MAX = 1_024;
  private static final int OF_A_GUEST_MAX = 64;

  private static final Set<String> RULES =
      Set.of("machines", "processors", "memoryMebibytes", "work", "schedules");
  private static final Set<String> SCHEDULE =
      Set.of(
          "name",
          "repository",
          "vms",
          "everyHours",
          "everyPoints",
          "alarmHours",
          "window",
          "minutes",
          "checks",
          "processors",
          "memoryMebibytes",
          "scratchMebibytes",
          "address",
          "firmware",
          "bus");

  private final JsonNode node;
  private final Set<String> repositories;
  private final List<String> faults;

  private ProofSection(JsonNode node, Set<String> repositories, List<String> faults) {
    this.node = node;
    this.repositories = repositories;
    this.faults = faults;
  }

  /**
   * @param repositories that are configured
   * @param beside makes relative paths those beside the file
   */
  static ProofRules read(
      JsonNode node, Set<String> repositories, UnaryOperator<Path> beside, List<String> faults) {
    if (node.isMissingNode()) {
      return ProofRules.NONE;
    }
    return new ProofSection(node, repositories, faults).rules(beside);
  }

  private ProofRules rules(UnaryOperator<Path> beside) {
    known(node, RULES, "\"proofs\"");
    ProofRules usual = ProofRules.NONE;
    int processors = number(node, "processors", usual.processors(), PROCESSORS_MAX);
    int memory = number(node, "memoryMebibytes", usual.memoryMebibytes(), MEBIBYTES_MAX);
    String work = node.path("work").asString("");
    List<ProofSchedule> schedules = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode one : node.path("schedules")) {
      ProofSchedule schedule = schedule(one, processors, memory);
      if (!names.add(schedule.name())) {
        faults.add("\"" + schedule.name() + "\" is twice in \"schedules\"");
      }
      schedules.add(schedule);
    }
    if (schedules.size() > SCHEDULES_MAX) {
      faults.add("\"schedules\" may be " + SCHEDULES_MAX);
    }
    return new ProofRules(
        number(node, "machines", usual.machines(), ProofRules.MACHINES_MAX),
        processors,
        memory,
        work.isEmpty() ? WorkPlaces.usual() : beside.apply(Path.of(work)),
        schedules);
  }

  private ProofSchedule schedule(JsonNode one, int processors, int memory) {
    known(one, SCHEDULE, "a proof schedule");
    String name = one.path("name").asString("");
    if (!name.matches("[A-Za-z0-9._-]{1,60}")) {
      faults.add("each of \"schedules\" needs a \"name\" of letters, digits, '.', '_' and '-'");
    }
    String repository = one.path("repository").asString("");
    if (!repositories.contains(repository)) {
      faults.add("\"repository\" of a proof schedule must be one of \"repositories\"");
    }
    Optional<Duration> every = hours(one, "everyHours");
    OptionalInt points =
        one.has("everyPoints")
            ? OptionalInt.of(number(one, "everyPoints", 1, POINTS_MAX))
            : OptionalInt.empty();
    if (every.isEmpty() && points.isEmpty()) {
      faults.add("a proof schedule needs \"everyHours\", \"everyPoints\" or both");
    }
    return new ProofSchedule(
        name,
        repository,
        Set.copyOf(new HashSet<>(texts(one.path("vms")))),
        every,
        points,
        JobSection.window(one.path("window"), faults),
        Duration.ofMinutes(number(one, "minutes", 60, MINUTES_MAX)),
        hours(one, "alarmHours"),
        checks(one),
        wishes(one, processors, memory));
  }

  private List<Check> checks(JsonNode one) {
    try {
      return CheckParser.parse(texts(one.path("checks")));
    } catch (SendenseException e) {
      faults.add("\"checks\" of a proof schedule: " + e.getMessage());
      return List.of();
    }
  }

  private ProofShape.Wishes wishes(JsonNode one, int processors, int memory) {
    String firmware = word(one, "firmware", "", Set.of("", "BIOS", "UEFI"));
    return new ProofShape.Wishes(
        Math.min(memory, number(one, "memoryMebibytes", 2048, MEBIBYTES_MAX)),
        Math.min(processors, number(one, "processors", 2, OF_A_GUEST_MAX)),
        number(one, "scratchMebibytes", 8192, MEBIBYTES_MAX),
        address(one),
        firmware.isEmpty() ? Optional.empty() : Optional.of(firmware),
        word(one, "bus", "VIRTIO", Set.of("VIRTIO", "SATA")));
  }

  private Optional<GuestAddress> address(JsonNode one) {
    String text = one.path("address").asString("");
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(GuestAddress.parse(text));
    } catch (SendenseException e) {
      faults.add("\"address\" of a proof schedule: " + e.getMessage());
      return Optional.empty();
    }
  }

  private String word(JsonNode one, String name, String otherwise, Set<String> all) {
    String text = one.path(name).asString(otherwise).toUpperCase(Locale.ROOT);
    if (!all.contains(text)) {
      faults.add("\"" + name + "\" of a proof schedule is not known: " + text);
      return otherwise;
    }
    return text;
  }

  private Optional<Duration> hours(JsonNode one, String name) {
    return one.has(name)
        ? Optional.of(Duration.ofHours(number(one, name, 1, HOURS_MAX)))
        : Optional.empty();
  }

  private int number(JsonNode from, String name, int otherwise, int most) {
    JsonNode value = from.path(name);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > most) {
      faults.add("\"" + name + "\" of \"proofs\" must be a number from 1 to " + most);
      return otherwise;
    }
    return value.asInt();
  }

  private void known(JsonNode from, Set<String> names, String what) {
    from.propertyNames().stream()
        .filter(name -> !names.contains(name))
        .forEach(name -> faults.add("the setting \"" + name + "\" of " + what + " is not known"));
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asString("")));
    return texts;
  }
}
