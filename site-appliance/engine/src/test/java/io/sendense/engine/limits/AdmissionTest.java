package io.sendense.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Map<String, Integer> limits = new HashMap<>();
  private final Admission admission = new Admission(name -> limits.getOrDefault(name, 1), 1000);
  private final List<String> started = new ArrayList<>();

  @Test
  void aJobWaitsForAllItNeedsAndStartsWhenThereIsRoom() {
    Admission.Ticket first = enter("first", "a", "b");
    enter("second", "b");
    enter("third", "c");

    assertThat(started).containsExactly("first", "third");
    first.leave();
    assertThat(started).containsExactly("first", "third", "second");
    first.leave();
    assertThat(admission.running()).isEqualTo(2);
  }

  @Test
  void whoCameFirstGoesFirst() {
    Admission.Ticket running = enter("running", "a");
    enter("one", "a");
    enter("two", "a");
    running.leave();

    assertThat(started).containsExactly("running", "one");
  }

  @Test
  void aJobThatGivesUpWaitingNeverStartsAndLetsTheNextOneIn() {
    Admission.Ticket running = enter("running", "a");
    Admission.Ticket one = enter("one", "a");
    enter("two", "a");
    one.leave();
    running.leave();

    assertThat(started).containsExactly("running", "two");
  }

  @Test
  void aJobThatNeedsTwoBusyThingsIsNotOvertakenForEver() {
    limits.put("many", 1000);
    Admission.Ticket a = enter("a", "a", "many");
    Admission.Ticket b = enter("b", "b", "many");
    enter("both", "a", "b", "many");
    int passed = 0;
    while (!started.contains("both")) {
      assertThat(passed).isLessThan(3 * Admission.PASSES_MAX);
      a.leave();
      a = enter("a" + passed, "a", "many");
      b.leave();
      b = enter("b" + passed, "b", "many");
      passed++;
    }
    assertThat(passed).isPositive();
  }

  @Test
  void tooManyThatWaitAreRefused() {
    Admission small = new Admission(name -> 1, 2);
    small.enter(List.of("a"), () -> {});
    assertThat(small.enter(List.of("a"), () -> {})).isPresent();
    assertThat(small.enter(List.of("a"), () -> {})).isPresent();
    assertThat(small.enter(List.of("a"), () -> {})).isEmpty();
  }

  /** No limit is ever passed, and everybody runs, whatever the order of coming and going. */
  @Test
  void noLimitIsPassedAndEverybodyRuns() {
    for (int seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Map<String, Integer> caps = Map.of("w", 5, "x", 1, "y", 2, "z", 3);
      Map<String, Integer> held = new HashMap<>();
      Admission many = new Admission(caps::get, 1000);
      List<Map.Entry<Admission.Ticket, Set<String>>> running = new ArrayList<>();
      int[] ran = {0};
      for (int job = 0; job < 200; job++) {
        Set<String> needs = Set.of("w", List.of("x", "y", "z").get(random.nextInt(3)));
        Admission.Ticket[] ticket = {null};
        boolean[] early = {false};
        Runnable start =
            () -> {
              ran[0]++;
              needs.forEach(n -> held.merge(n, 1, Integer::sum));
              held.forEach((n, count) -> assertThat(count).isLessThanOrEqualTo(caps.get(n)));
              if (ticket[0] == null) {
                early[0] = true;
              } else {
                running.add(Map.entry(ticket[0], needs));
              }
            };
        ticket[0] = many.enter(needs, start).orElseThrow();
        if (early[0]) {
          running.add(Map.entry(ticket[0], needs));
        }
        while (!running.isEmpty() && random.nextInt(3) == 0) {
          end(running.remove(random.nextInt(running.size())), held);
        }
      }
      while (!running.isEmpty()) {
        end(running.remove(random.nextInt(running.size())), held);
      }
      assertThat(ran[0]).as("seed " + seed).isEqualTo(200);
      assertThat(many.waiting()).isZero();
    }
  }

  private static void end(Map.Entry<Admission.Ticket, Set<String>> job, Map<String, Integer> held) {
    job.getValue().forEach(need -> held.merge(need, -1, Integer::sum));
    job.getKey().leave();
  }

  private Admission.Ticket enter(String name, String... needs) {
    Optional<Admission.Ticket> ticket = admission.enter(List.of(needs), () -> started.add(name));
    return ticket.orElseThrow();
  }
}
