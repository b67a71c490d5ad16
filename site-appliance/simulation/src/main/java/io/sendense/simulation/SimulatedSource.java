package io.sendense.simulation;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connector to a simulated machine: each of its calls is a step at which its process may die.
 */
final class SimulatedSource implements SourceConnector {
  private final World world;
  private final Attempt attempt;
  private final Machine machine;
  private final OwnerRecords records;
  private final boolean unreadable;
  private final boolean commitFails;

  SimulatedSource(World world, Attempt attempt, Machine machine) {
    this.world = world;
    this.attempt = attempt;
    this.machine = machine;
    records = attempt.host.state().ownerRecords();
    unreadable = attempt.oneIn(15);
    commitFails = attempt.oneIn(10);
  }

  @Override
  public Capture capture(Optional<Baseline> baseline) {
    attempt.reach("capture", null);
    String token = world.freshToken();
    Map<String, byte[]> content = new LinkedHashMap<>();
    machine.disks.forEach((name, bytes) -> content.put(name, bytes.clone()));
    Optional<Map<String, BitSet>> changed = machine.changedSince(baseline.map(Baseline::token));
    Map<String, BitSet> known = new LinkedHashMap<>();
    changed.ifPresent(all -> all.forEach((disk, units) -> known.put(disk, (BitSet) units.clone())));
    world.captured(token, machine.name, content);
    records.add(new OwnerRecords.Resource(machine.name, "snapshot", token));
    attempt.reach("snapshot", null);
    machine.beginCapture(token);
    attempt.reach("snapshot done", null);
    List<CapturedDisk> disks = new ArrayList<>();
    content.forEach(
        (name, bytes) ->
            disks.add(
                new CapturedDisk(
                    name,
                    new SimulatedDisk(attempt, bytes, unreadable),
                    changed.isPresent()
                        ? tracked(known.getOrDefault(name, new BitSet()), bytes.length)
                        : new ChangeSet.Untracked("the tracker does not know that baseline"))));
    return new OpenCapture(token, disks);
  }

  private static ChangeSet tracked(BitSet units, int size) {
    List<BlockRange> ranges = new ArrayList<>();
    for (int from = units.nextSetBit(0); from >= 0; from = units.nextSetBit(from)) {
      int to = units.nextClearBit(from);
      long begin = (long) from * Machine.UNIT;
      long end = Math.min(size, (long) to * Machine.UNIT);
      if (end > begin) {
        ranges.add(new BlockRange(begin, end - begin));
      }
      from = to;
    }
    return new ChangeSet.Tracked("simulated tracker", ranges);
  }

  @Override
  public void reap() {
    attempt.reach("reap", null);
    for (OwnerRecords.Resource resource : records.list(machine.name)) {
      attempt.reach("reap " + resource.name(), null);
      if (machine.leftBehind.contains(resource.name())) {
        world.coverage().reach("reaped after a crash");
        machine.remove(resource.name());
      }
      attempt.reach("reaped " + resource.name(), null);
      records.remove(resource);
    }
  }

  private final class OpenCapture implements Capture {
    private final String token;
    private final List<CapturedDisk> disks;
    private boolean open = true;

    OpenCapture(String token, List<CapturedDisk> disks) {
      this.token = token;
      this.disks = disks;
    }

    @Override
    public Instant takenAt() {
      return attempt.host.now();
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
      attempt.reach("commit", null);
      if (commitFails) {
        world.coverage().reach("fault commit on the source");
        throw new SendenseException(ErrorCode.SOURCE_PROTOCOL, "the source went away", "");
      }
      machine.commit(token);
      attempt.reach("commit done", null);
    }

    @Override
    public Baseline baseline() {
      return new Baseline(token);
    }

    @Override
    public void close() {
      if (open) {
        attempt.reach("close", null);
        open = false;
        machine.remove(token);
        attempt.reach("close done", null);
        records.remove(new OwnerRecords.Resource(machine.name, "snapshot", token));
      }
    }
  }
}
