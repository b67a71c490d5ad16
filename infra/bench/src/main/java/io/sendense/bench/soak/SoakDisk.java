package io.sendense.bench.soak;

import io.sendense.connectors.disk.DiskSource;
import io.sendense.connectors.disk.SourceDisk;
import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.BlockRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A raw disk that is written to between backups and knows where. Half of every megabyte compresses
 * well, half not at all. Not thread-safe.
 */
final class SoakDisk {
  static final int MEGABYTES = 96;

  private static final int MIB = 1 << 20;

  private final Path file;
  private final SplittableRandom random;
  private final TreeSet<Integer> changed = new TreeSet<>();

  SoakDisk(Path file, SplittableRandom random) {
    this.file = file;
    this.random = random;
  }

  void fill() throws IOException {
    for (int i = 0; i < MEGABYTES; i++) {
      write(i);
    }
  }

  /** Writes anew to so many places drawn at random, some perhaps twice. */
  void change(int places) throws IOException {
    for (int i = 0; i < places; i++) {
      write(random.nextInt(MEGABYTES));
    }
  }

  private void write(int megabyte) throws IOException {
    byte[] content = new byte[MIB];
    Arrays.fill(content, (byte) (1 + random.nextInt(200)));
    ByteBuffer noise = ByteBuffer.wrap(content, 0, MIB / 2);
    while (noise.hasRemaining()) {
      noise.putLong(random.nextLong());
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer whole = ByteBuffer.wrap(content);
      while (whole.hasRemaining()) {
        channel.write(whole, (long) megabyte * MIB + whole.position());
      }
    }
    changed.add(megabyte);
  }

  /** The disk as a machine's, with what was written since the last backup that succeeded. */
  SourceConnector source(String vm, OwnerRecords records, InstantSource clock) {
    DiskSource plain =
        new DiskSource(vm, SourceDisk.parseAll(List.of(file.toString())), records, clock);
    return new SourceConnector() {
      @Override
      public Capture capture(Optional<Baseline> baseline) {
        Capture capture = plain.capture(baseline);
        return baseline.isPresent() ? new Tracked(capture) : capture;
      }

      @Override
      public void reap() {
        plain.reap();
      }
    };
  }

  void backedUp() {
    changed.clear();
  }

  private final class Tracked implements Capture {
    private final Capture capture;

    Tracked(Capture capture) {
      this.capture = capture;
    }

    @Override
    public Instant takenAt() {
      return capture.takenAt();
    }

    @Override
    public List<CapturedDisk> disks() {
      List<BlockRange> ranges =
          changed.stream().map(at -> new BlockRange((long) at * MIB, MIB)).toList();
      return capture.disks().stream()
          .map(
              disk ->
                  new CapturedDisk(
                      disk.name(), disk.reader(), new ChangeSet.Tracked("the soak", ranges)))
          .toList();
    }

    @Override
    public Consistency consistency() {
      return capture.consistency();
    }

    @Override
    public void commit() {
      capture.commit();
    }

    @Override
    public Baseline baseline() {
      return capture.baseline();
    }

    @Override
    public void close() {
      capture.close();
    }
  }
}
