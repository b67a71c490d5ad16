package io.sendense.engine;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A source whose disks and change sets the test sets; writes down what was done to it. */
final class ScriptedSource implements SourceConnector {
  final List<String> events = new ArrayList<>();
  List<CapturedDisk> disks = List.of();
  Optional<Baseline> asked = Optional.empty();
  boolean commitFails;
  int generation;

  @Override
  public Capture capture(Optional<Baseline> baseline) {
    asked = baseline;
    generation++;
    events.add("capture");
    return new ScriptedCapture("g" + generation);
  }

  @Override
  public void reap() {
    events.add("reap");
  }

  private final class ScriptedCapture implements Capture {
    private final String token;

    ScriptedCapture(String token) {
      this.token = token;
    }

    @Override
    public Instant takenAt() {
      return Instant.EPOCH;
    }

    @Override
    public List<CapturedDisk> disks() {
      return disks;
    }

    @Override
    public Consistency consistency() {
      return Consistency.CRASH;
    }

    @Override
    public void commit() {
      events.add("commit");
      if (commitFails) {
        throw new SendenseException(ErrorCode.SOURCE_PROTOCOL, "the source went away", "");
      }
    }

    @Override
    public Baseline baseline() {
      return new Baseline(token);
    }

    @Override
    public void close() {
      events.add("close");
    }
  }
}
