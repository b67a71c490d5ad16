package io.sendense.engine;

import io.sendense.connectors.spi.TargetConnector;
import io.sendense.connectors.spi.TargetDisk;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Disks in memory that can lie or run full; writes down what was done. */
final class MemoryTarget implements TargetConnector {
  final List<String> events = Collections.synchronizedList(new ArrayList<>());
  byte[] content = new byte[0];
  int corruptAt = -1;
  int corruptWriteAt = -1;
  boolean writesThrough;
  boolean adoptable;
  long fullAt = Long.MAX_VALUE;

  @Override
  public void reap(String name) {
    events.add("reap " + name);
  }

  @Override
  public boolean adopt(String name, long sizeBytes) {
    events.add("adopt " + name);
    return adoptable;
  }

  @Override
  public void undo(String name) {
    events.add("undo " + name);
  }

  @Override
  public TargetDisk createDisk(String name, long sizeBytes) {
    content = new byte[(int) sizeBytes];
    events.add("create " + name);
    return new Disk();
  }

  private final class Disk implements TargetDisk {
    @Override
    public long sizeBytes() {
      return content.length;
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      if (offset + source.remaining() > fullAt) {
        throw new SendenseException(ErrorCode.NO_SPACE, "no space left", "");
      }
      int end = (int) offset + source.remaining();
      source.get(content, (int) offset, source.remaining());
      if (corruptWriteAt >= offset && corruptWriteAt < end) {
        content[corruptWriteAt] ^= 1;
      }
    }

    @Override
    public boolean writesThrough(long offset, int length) {
      return writesThrough;
    }

    @Override
    public void readBack(long offset, ByteBuffer target) {
      target.put(content, (int) offset, target.remaining());
    }

    @Override
    public void flush() {
      if (corruptAt >= 0) {
        content[corruptAt] ^= 1;
      }
      events.add("flush");
    }

    @Override
    public void finish() {
      events.add("finish");
    }

    @Override
    public void close() {
      events.add("close");
    }
  }
}
