package io.sendense.connectors.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.BlockRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What the disks hold, what a backup made of change sets holds, and whether they agree. */
public final class GuestModel {
  private static final int SECTOR = 512;
  private static final int MAX_SECTORS = 400;

  private final SourceUnderTest source;
  private final Map<String, byte[]> truth = new TreeMap<>();
  private final Map<String, byte[]> copy = new TreeMap<>();

  public GuestModel(SourceUnderTest source) {
    this.source = source;
    source.disks().forEach(disk -> truth.put(disk, new byte[SourceUnderTest.DISK_BYTES]));
  }

  public void write(String disk, int value, int offset, int length) {
    source.write(disk, value, offset, length);
    Arrays.fill(bytes(truth, disk), offset, offset + length, (byte) value);
  }

  public void writeSomewhere(RandomGenerator random) {
    String disk = source.disks().get(random.nextInt(source.disks().size()));
    int sectors = SourceUnderTest.DISK_BYTES / SECTOR;
    int offset = random.nextInt(sectors);
    int length = Math.min(1 + random.nextInt(MAX_SECTORS), sectors - offset);
    write(disk, 1 + random.nextInt(255), offset * SECTOR, length * SECTOR);
  }

  /** The disks as they are now. */
  public Map<String, byte[]> now() {
    Map<String, byte[]> now = new TreeMap<>();
    truth.forEach((disk, bytes) -> now.put(disk, bytes.clone()));
    return now;
  }

  /** Takes over what a capture says has changed, or all where it cannot say. */
  public void apply(Capture capture) {
    for (CapturedDisk disk : capture.disks()) {
      byte[] bytes = copy.computeIfAbsent(disk.name(), _ -> new byte[size(disk)]);
      for (BlockRange range : ranges(disk)) {
        int from = Math.toIntExact(range.offset());
        disk.reader().read(from, ByteBuffer.wrap(bytes, from, Math.toIntExact(range.length())));
      }
    }
  }

  public void assertCopyIs(Map<String, byte[]> expected) {
    assertEquals(expected.keySet(), copy.keySet(), "the disks of the copy");
    expected.forEach((disk, bytes) -> assertSame(disk, bytes(copy, disk), bytes));
  }

  public static void assertReads(Capture capture, Map<String, byte[]> expected) {
    for (CapturedDisk disk : capture.disks()) {
      byte[] found = new byte[size(disk)];
      disk.reader().read(0, ByteBuffer.wrap(found));
      assertSame(disk.name(), found, bytes(expected, disk.name()));
    }
  }

  /** Every byte that differs between two moments lies in what the capture names; ends it. */
  static void assertDifferenceIsNamed(
      Map<String, byte[]> then, Map<String, byte[]> now, Capture capture) {
    try (capture) {
      for (CapturedDisk disk : capture.disks()) {
        byte[] patched = bytes(then, disk.name()).clone();
        for (BlockRange range : ranges(disk)) {
          int from = Math.toIntExact(range.offset());
          disk.reader().read(from, ByteBuffer.wrap(patched, from, Math.toIntExact(range.length())));
        }
        assertSame(disk.name(), patched, bytes(now, disk.name()));
      }
    }
  }

  /** How much the platform says has changed; fails where it cannot say. */
  public static long trackedBytes(CapturedDisk disk) {
    return switch (disk.changes()) {
      case ChangeSet.Tracked tracked ->
          tracked.ranges().stream().mapToLong(BlockRange::length).sum();
      case ChangeSet.Untracked untracked -> throw new AssertionError(untracked.reason());
    };
  }

  private static List<BlockRange> ranges(CapturedDisk disk) {
    return switch (disk.changes()) {
      case ChangeSet.Tracked tracked -> tracked.ranges();
      case ChangeSet.Untracked untracked -> {
        assertFalse(untracked.reason().isBlank(), "an untracked disk says why");
        yield List.of(new BlockRange(0, disk.reader().sizeBytes()));
      }
    };
  }

  private static int size(CapturedDisk disk) {
    return Math.toIntExact(disk.reader().sizeBytes());
  }

  private static byte[] bytes(Map<String, byte[]> of, String disk) {
    byte[] found = of.get(disk);
    if (found == null) {
      throw new AssertionError("there is no disk " + disk);
    }
    return found;
  }

  private static void assertSame(String disk, byte[] found, byte[] expected) {
    assertEquals(-1, Arrays.mismatch(found, expected), "first differing byte of disk " + disk);
  }
}
