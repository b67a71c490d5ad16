package io.sendense.simulation;

import io.sendense.engine.state.JobRecord;
import io.sendense.engine.state.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** An appliance: a process that may die, the state it keeps on disk, and a clock that is wrong. */
final class Host {
  final String name;
  final List<Machine> machines = new ArrayList<>();
  private final Path folder;
  private final InstantSource time;
  private volatile Duration wrong = Duration.ZERO;
  private Life life = new Life();
  private StateStore state;
  private int starts;

  Host(String name, Path folder, InstantSource time) {
    this.name = name;
    this.folder = folder;
    this.time = time;
    state = StateStore.open(stateFolder(), clock());
  }

  Life life() {
    return life;
  }

  StateStore state() {
    return state;
  }

  InstantSource clock() {
    return () -> time.instant().plus(wrong);
  }

  Instant now() {
    return clock().instant();
  }

  Duration wrong() {
    return wrong;
  }

  void setWrong(Duration by) {
    wrong = by;
  }

  /**
   * Begins to die while nothing moves: what was committed to the disk until now is what the next
   * start finds. What the dying process still writes goes to the old folder.
   */
  void keepDisk() {
    Path from = stateFolder();
    starts++;
    Path to = stateFolder();
    try {
      Files.createDirectories(to);
      for (String file : List.of("appliance.db", "appliance.db-wal")) {
        if (Files.exists(from.resolve(file))) {
          Files.copy(from.resolve(file), to.resolve(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts again on what {@link #keepDisk} kept; returns the jobs found interrupted. */
  List<JobRecord> restart() {
    state.close();
    life = new Life();
    state = StateStore.open(stateFolder(), clock());
    return state.jobs().newest(10).stream()
        .filter(job -> job.state() == JobRecord.State.INTERRUPTED)
        .toList();
  }

  void close() {
    life.end();
    state.close();
  }

  private Path stateFolder() {
    return folder.resolve(name + "-" + starts);
  }
}
