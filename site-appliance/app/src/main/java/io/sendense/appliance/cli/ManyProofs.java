package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.JobContext;
import io.sendense.engine.limits.Admission;
import io.sendense.recovery.machine.Shape;
import io.sendense.recovery.prove.Check;
import io.sendense.repository.format.RestorePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Proves several points, each on a thread of its own, as many at once as a budget lets in; the rest
 * waits in its order. One that fails keeps no other from being proved.
 */
final class ManyProofs {
  private static final int WAITING_MAX = 1_000;

  private final Proving proving;
  private final OpenPoints open;
  private final JobContext context;
  private final Budget budget;

  ManyProofs(Proving proving, OpenPoints open, JobContext context, Budget budget) {
    this.proving = proving;
    this.open = open;
    this.context = context;
    this.budget = budget;
  }

  /** A point and the machine it is to run in. */
  record Wanted(RestorePoint point, Shape shape) {}

  /** What all machines may use together. */
  record Budget(int machines, int processors, int mebibytes) {
    int of(String need) {
      return switch (need) {
        case ProofNeeds.PROCESSORS -> processors;
        case ProofNeeds.MEMORY -> mebibytes;
        default -> machines;
      };
    }
  }

  /** What became of one: a proof, or why there is none. */
  record Ended(
      RestorePoint point, Proving.@Nullable Proved proved, @Nullable RuntimeException why) {
    Optional<Proving.Proved> record() {
      return Optional.ofNullable(proved);
    }

    boolean passed() {
      return record().filter(found -> found.record().passed()).isPresent();
    }

    Proving.Proved orThrow() {
      if (why != null) {
        throw why;
      }
      return record().orElseThrow();
    }
  }

  /**
   * Waits for all of them.
   *
   * @param began from when the recovery time counts; empty for each one's own start
   */
  List<Ended> run(List<Wanted> all, List<Check> checks, OptionalLong began) {
    Admission admission = new Admission(budget::of, WAITING_MAX);
    List<CompletableFuture<Ended>> running = new ArrayList<>();
    for (Wanted wanted : all) {
      running.add(begin(admission, wanted, checks, began));
    }
    return running.stream().map(CompletableFuture::join).toList();
  }

  private CompletableFuture<Ended> begin(
      Admission admission, Wanted wanted, List<Check> checks, OptionalLong began) {
    CompletableFuture<Ended> ended = new CompletableFuture<>();
    CompletableFuture<Admission.Ticket> ticket = new CompletableFuture<>();
    Map<String, Integer> needs = ProofNeeds.of(wanted.shape());
    Optional<Admission.Ticket> given =
        admission.enter(
            needs,
            () ->
                Thread.ofPlatform()
                    .name("proof " + wanted.point().id())
                    .start(
                        () -> {
                          Ended result = prove(wanted, checks, began);
                          ticket.join().leave();
                          ended.complete(result);
                        }));
    ticket.complete(given.orElseThrow());
    return ended;
  }

  private Ended prove(Wanted wanted, List<Check> checks, OptionalLong began) {
    RestorePoint point = wanted.point();
    try {
      context.control().check();
      Proving.Proved proved =
          ProofJob.run(
              context,
              proving,
              open.repository(),
              open.location(),
              point,
              wanted.shape(),
              checks,
              began.orElseGet(System::nanoTime));
      return new Ended(point, proved, null);
    } catch (SendenseException e) {
      return new Ended(point, null, e);
    } catch (RuntimeException e) {
      return new Ended(
          point,
          null,
          new SendenseException(ErrorCode.INTERNAL, "a defect: " + e, "Report it.", e));
    }
  }
}
