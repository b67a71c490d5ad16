package io.sendense.connectors.libvirt;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.Readiness;
import io.sendense.connectors.spi.SourceConnector;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A machine whose disks we moved to another folder since its baseline: libvirt took their bitmaps
 * along, and the baseline is told where they are now.
 */
record MovedSource(SourceConnector machine, UnaryOperator<Baseline> told)
    implements SourceConnector {
  @Override
  public Readiness prepare() {
    return machine.prepare();
  }

  @Override
  public Capture capture(Optional<Baseline> baseline) {
    return machine.capture(baseline.map(told));
  }

  @Override
  public void forget() {
    machine.forget();
  }

  @Override
  public void reap() {
    machine.reap();
  }
}
