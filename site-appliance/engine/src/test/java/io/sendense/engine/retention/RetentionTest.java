package io.sendense.engine.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.repository.format.PointGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden tables under {@code src/test/resources/retention}, and what must be true of all plans. */
class RetentionTest {
  private static final Path TABLES = Path.of("src/test/resources/retention");

  /**
   * A table is a policy line, such as {@code daily=2 Europe/Berlin}, and a line for each point: its
   * local time in that zone with offset, {@code (held)} or {@code (locked=date)} where that is so,
   * {@code keep} or {@code go}, and the reasons. Made by another program than the one under test.
   */
  @TestFactory
  Stream<DynamicTest> aPlanIsWhatItsTableSays() throws IOException {
    List<Path> tables;
    try (Stream<Path> files = Files.list(TABLES)) {
      tables = files.sorted().toList();
    }
    assertThat(tables).hasSizeGreaterThanOrEqualTo(20);
    return tables.stream()
        .map(table -> DynamicTest.dynamicTest(table.getFileName().toString(), () -> check(table)));
  }

  private static void check(Path table) {
    List<String> lines = lines(table);
    RetentionPolicy policy = policy(lines.getFirst());
    List<RetentionPoint> points = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      points.add(point(points.size(), line));
    }
    List<String> told = new ArrayList<>();
    told.add(lines.getFirst());
    List<RetentionPlan.Decision> decisions =
        new ArrayList<>(Retention.plan(policy, points).decisions());
    decisions.sort((a, b) -> a.point().id().compareTo(b.point().id()));
    for (int i = 0; i < decisions.size(); i++) {
      String given = lines.get(i + 1).split(" (keep|go):")[0];
      RetentionPlan.Decision decision = decisions.get(i);
      told.add(
          given + (decision.keep() ? " keep: " : " go: ") + String.join("; ", decision.reasons()));
    }
    assertThat(told).isEqualTo(lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"})
  void whateverThePolicyAndThePointsTheRulesHold(String zone) {
    for (int round = 0; round < 300; round++) {
      long seed = round;
      SplittableRandom random = new SplittableRandom(seed);
      List<RetentionPoint> points = points(random);
      RetentionPolicy policy = policy(random, ZoneId.of(zone));
      RetentionPlan plan = Retention.plan(policy, points);

      assertThat(plan.decisions()).hasSameSizeAs(points);
      assertThat(plan.decisions()).allMatch(decision -> !decision.reasons().isEmpty());
      Set<String> kept = ids(plan);
      for (String machine : List.of("a", "b")) {
        points.stream()
            .filter(point -> point.machine().equals(machine))
            .reduce((one, other) -> one.sequence() > other.sequence() ? one : other)
            .ifPresent(newest -> assertThat(kept).as("seed %d", seed).contains(newest.id()));
      }
      for (RetentionPoint point : points) {
        if (!point.guard().mayGo()) {
          assertThat(kept).as("seed %d", seed).contains(point.id());
        }
      }
      Rule rule = List.of(Rule.values()).get(random.nextInt(Rule.values().length));
      RetentionPolicy larger = policy.with(rule, policy.count(rule) + 1 + random.nextInt(3));
      assertThat(ids(Retention.plan(larger, points))).as("seed %d", seed).containsAll(kept);

      // What was kept stays kept when the rest has gone: the plan is stable.
      List<RetentionPoint> left =
          points.stream().filter(point -> kept.contains(point.id())).toList();
      assertThat(ids(Retention.plan(policy, left))).as("seed %d", seed).isEqualTo(kept);
    }
  }

  @Test
  void aLockedPointThatNoRuleKeepsSaysWhenItMayGo() {
    Instant start = Instant.parse("2026-11-20T12:00:00Z");
    Instant until = Instant.parse("2026-12-20T12:00:00Z");
    List<RetentionPoint> points =
        List.of(
            new RetentionPoint("old", "a", 1, start, new PointGuard(false, Optional.of(until))),
            new RetentionPoint("new", "a", 2, start.plusSeconds(1), PointGuard.NONE));

    RetentionPlan plan = Retention.plan(RetentionPolicy.last(1, ZoneId.of("UTC")), points);

    RetentionPlan.Decision old = plan.decisions().getLast();
    assertThat(old.keep()).isTrue();
    assertThat(old.reasons()).containsExactly("locked until " + until);
    assertThat(old.mayGoAt()).contains(until);
    assertThat(plan.decisions().getFirst().mayGoAt()).isEmpty();
  }

  @Test
  void countsOutsideTheirRangeAreRefused() {
    RetentionPolicy policy = RetentionPolicy.everything(ZoneId.of("UTC"));
    assertThatThrownBy(() -> policy.with(Rule.DAILY, -1)).hasMessageContaining("keep daily");
    assertThatThrownBy(() -> policy.with(Rule.LAST, 100_001)).hasMessageContaining("keep last");
  }

  private static Set<String> ids(RetentionPlan plan) {
    return plan.kept().stream()
        .map(decision -> decision.point().id())
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static RetentionPolicy policy(SplittableRandom random, ZoneId zone) {
    RetentionPolicy policy = RetentionPolicy.last(1 + random.nextInt(3), zone);
    for (Rule rule : Rule.values()) {
      if (random.nextBoolean()) {
        policy = policy.with(rule, 1 + random.nextInt(5));
      }
    }
    return policy;
  }

  private static List<RetentionPoint> points(SplittableRandom random) {
    List<RetentionPoint> points = new ArrayList<>();
    Instant at = Instant.parse("2025-01-01T00:00:00Z").plusSeconds(random.nextInt(40_000_000));
    long[] steps = {600, 3600, 21_600, 86_400, 700_000, 4_000_000};
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      at = at.plusSeconds(random.nextLong(steps[random.nextInt(steps.length)]));
      // A clock that is wrong by a day now and then.
      Instant told = random.nextInt(20) == 0 ? at.plus(Duration.ofDays(random.nextInt(3) - 1)) : at;
      Optional<Instant> locked =
          random.nextInt(12) == 0 ? Optional.of(at.plusSeconds(99)) : Optional.empty();
      PointGuard guard = new PointGuard(random.nextInt(12) == 0, locked);
      points.add(new RetentionPoint("p" + i, random.nextInt(3) == 0 ? "b" : "a", i, told, guard));
    }
    return points;
  }

  private static RetentionPolicy policy(String line) {
    String[] words = line.split(" ");
    RetentionPolicy policy = RetentionPolicy.everything(ZoneId.of(words[words.length - 1]));
    for (String word : List.of(words).subList(0, words.length - 1)) {
      String[] parts = word.split("=");
      policy =
          policy.with(Rule.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]));
    }
    return policy;
  }

  private static RetentionPoint point(int sequence, String line) {
    String given = line.split(" (keep|go):")[0];
    int locked = given.indexOf("(locked=");
    Optional<Instant> until =
        locked < 0
            ? Optional.empty()
            : Optional.of(Instant.parse(given.substring(locked + 8).split("\\)")[0]));
    boolean held = given.contains("(held)");
    return new RetentionPoint(
        "%04d".formatted(sequence),
        "m",
        sequence,
        ZonedDateTime.parse(line.split(" ")[0]).toInstant(),
        new PointGuard(held, until));
  }

  private static List<String> lines(Path table) {
    try {
      return Files.readAllLines(table).stream().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
