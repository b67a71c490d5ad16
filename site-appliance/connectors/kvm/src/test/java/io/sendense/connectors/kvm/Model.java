package io.sendense.connectors.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.BlockRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the disks must hold, kept beside the machine, and a copy made only of captures. */
final class Model {
  private final TestVm vm;
  private final Map<String, byte[]> truth = new TreeMap<>();
  private final Map<String, byte[]> copy = new TreeMap<>();

  Model(TestVm vm) {
    this.vm = vm;
  }

  void write(String disk, int value, int offset, int length) {
    vm.write(disk, value, offset, length);
    byte[] bytes = truth.computeIfAbsent(disk, d -> new byte[8 << 20]);
    Arrays.fill(bytes, offset, offset + length, (byte) value);
  }

  Map<String, byte[]> now() {
    Map<String, byte[]> now = new TreeMap<>();
    truth.forEach((disk, bytes) -> now.put(disk, bytes.clone()));
    return now;
  }

  static byte[] readAll(CapturedDisk disk) {
    byte[] bytes = new byte[Math.toIntExact(disk.reader().sizeBytes())];
    disk.reader().read(0, ByteBuffer.wrap(bytes));
    return bytes;
  }

  /** Takes over what a capture says has changed, or all where it cannot say. */
  void apply(Capture capture) {
    for (CapturedDisk disk : capture.disks()) {
      byte[] bytes =
          copy.computeIfAbsent(
              disk.name(), d -> new byte[Math.toIntExact(disk.reader().sizeBytes())]);
      for (BlockRange range : rangesOf(disk)) {
        int from = Math.toIntExact(range.offset());
        disk.reader().read(from, ByteBuffer.wrap(bytes, from, Math.toIntExact(range.length())));
      }
    }
  }

  private static List<BlockRange> rangesOf(CapturedDisk disk) {
    return switch (disk.changes()) {
      case ChangeSet.Tracked tracked -> tracked.ranges();
      case ChangeSet.Untracked untracked -> {
        assertThat(untracked.reason()).isNotBlank();
        yield List.of(new BlockRange(0, disk.reader().sizeBytes()));
      }
    };
  }

  void assertCopyIs(Map<String, byte[]> expected) {
    assertThat(copy.keySet()).containsAll(expected.keySet());
    expected.forEach(
        (disk, bytes) ->
            assertThat(Arrays.mismatch(copy.get(disk), bytes))
                .as("first differing byte of disk " + disk)
                .isEqualTo(-1));
  }

  static void assertReads(Capture capture, Map<String, byte[]> expected) {
    for (CapturedDisk disk : capture.disks()) {
      byte[] want = expected.getOrDefault(disk.name(), new byte[8 << 20]);
      assertThat(Arrays.mismatch(readAll(disk), want))
          .as("first differing byte of disk " + disk.name())
          .isEqualTo(-1);
    }
  }

  static long trackedBytes(CapturedDisk disk) {
    return switch (disk.changes()) {
      case ChangeSet.Tracked tracked ->
          tracked.ranges().stream().mapToLong(BlockRange::length).sum();
      case ChangeSet.Untracked untracked -> throw new AssertionError(untracked.reason());
    };
  }
}
