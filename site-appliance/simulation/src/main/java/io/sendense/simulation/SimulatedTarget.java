package io.sendense.simulation;

import io.sendense.connectors.spi.TargetConnector;
import io.sendense.connectors.spi.TargetDisk;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Disks in memory that a restore makes. */
final class SimulatedTarget implements TargetConnector {
  /** Finished disks by name. */
  final Map<String, byte[]> finished = new LinkedHashMap<>();

  private final Attempt attempt;

  SimulatedTarget(Attempt attempt) {
    this.attempt = attempt;
  }

  @Override
  public TargetDisk createDisk(String name, long sizeBytes) {
    attempt.reach("create disk", null);
    return new Disk(name, new byte[(int) sizeBytes]);
  }

  private final class Disk implements TargetDisk {
    private final String name;
    private final byte[] content;

    Disk(String name, byte[] content) {
      this.name = name;
      this.content = content;
    }

    @Override
    public long sizeBytes() {
      return content.length;
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      source.get(content, (int) offset, source.remaining());
    }

    @Override
    public void readBack(long offset, ByteBuffer target) {
      target.put(content, (int) offset, target.remaining());
    }

    @Override
    public void flush() {
      attempt.reach("flush", null);
    }

    @Override
    public void finish() {
      attempt.reach("finish", null);
      finished.put(name, content);
    }

    @Override
    public void close() {
      // What is not finished is gone with this object.
    }
  }
}
