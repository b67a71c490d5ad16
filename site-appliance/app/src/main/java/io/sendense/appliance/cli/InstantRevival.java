package io.sendense.appliance.cli;

import io.sendense.connectors.spi.InstantTarget;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.InstantJob;
import io.sendense.engine.JobContext;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Sees to the instant recoveries of a state folder: those whose serving process is gone are served
 * again by a new one, their guests go on, and what a start that was cut off made is removed. For
 * one thread at a time.
 */
public final class InstantRevival implements AutoCloseable {
  private final Surroundings surroundings;
  private final Path state;
  private final JobContext context;
  private final InstantStore store;
  private final Function<String, Optional<Path>> keys;

  /**
   * @param state folder of the appliance, which the context's state store is that of
   * @param keys the key file of a repository by its location; empty where it is not known, and then
   *     the key has to be in the environment
   */
  public InstantRevival(
      Surroundings surroundings,
      Path state,
      JobContext context,
      Function<String, Optional<Path>> keys) {
    this.surroundings = surroundings;
    this.state = state;
    this.context = context;
    this.keys = keys;
    this.store = InstantStore.open(state);
  }

  /** What was found of one recovery. */
  public sealed interface Seen {
    /** Of its machine. */
    String name();
  }

  /** Nothing had to be done. */
  public record Well(String name) implements Seen {}

  /**
   * It is served again.
   *
   * @param held whether its guest was held meanwhile; it goes on
   */
  public record Revived(String name, boolean held) implements Seen {}

  /** Its start had been cut off, and what was made of it is removed. */
  public record Removed(String name) implements Seen {}

  /** It could not be helped. */
  public record Failed(String name, SendenseException why) implements Seen {}

  /**
   * Looks at all of them and does what is needed.
   *
   * @param guests whether guests are looked at too, which asks their platform; without that only
   *     those that nobody serves are
   * @param left names of machines that are left alone for now
   */
  public List<Seen> look(boolean guests, Set<String> left) {
    Map<String, Set<String>> served = new HashMap<>();
    List<Seen> seen = new ArrayList<>();
    for (InstantRecord record : store.all()) {
      if (left.contains(record.name())) {
        continue;
      }
      try {
        look(record, guests, served).ifPresent(seen::add);
      } catch (SendenseException e) {
        // In conflict with a command that just works on it; the next look sees what came of that.
        seen.add(
            e.code() == ErrorCode.CONFLICT
                ? new Well(record.name())
                : new Failed(record.name(), e));
      }
    }
    return seen;
  }

  private Optional<Seen> look(
      InstantRecord record, boolean guests, Map<String, Set<String>> served) {
    CommonOptions common = common(record);
    InstantJob job = InstantParts.job(surroundings, common, context, store, record);
    if (InstantJob.wasCutOff(context, record)) {
      job.discard(record);
      return Optional.of(new Removed(record.name()));
    }
    if (record.baseline().isEmpty() || !record.state().needsPoint()) {
      return Optional.empty(); // somebody starts it just now, or it needs nobody
    }
    Set<String> now =
        served.computeIfAbsent(
            record.location(),
            location ->
                new InstantServerClient(surroundings, common, record.repository(), location)
                    .status()
                    .map(InstantServerClient.Status::recoveries)
                    .orElseGet(HashSet::new));
    boolean alone = !now.contains(record.id());
    if (!alone && !(guests && held(record))) {
      return Optional.of(new Well(record.name()));
    }
    boolean held = job.resume(record);
    served.remove(record.location()); // the process that was just started serves the others too
    return alone || held
        ? Optional.of(new Revived(record.name(), held))
        : Optional.of(new Well(record.name()));
  }

  private boolean held(InstantRecord record) {
    return InstantParts.target(surroundings, context.state(), record)
        .look(record.id())
        .filter(InstantTarget.Look::held)
        .isPresent();
  }

  private CommonOptions common(InstantRecord record) {
    CommonOptions common = new CommonOptions();
    common.state = state;
    keys.apply(record.location()).ifPresent(file -> common.key.file = file);
    return common;
  }

  @Override
  public void close() {
    store.close();
  }
}
