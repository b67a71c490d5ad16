package io.sendense.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.DiskReader;
import io.sendense.domain.BlockRange;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.memory.MemoryObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No tracker is believed blindly, none is needed, and a disk may be as large as it likes. */
class TrackerHonestyTest {
  private static final int MIB = 1 << 20;
  private static final long TIB = 1L << 40;

  @TempDir Path folder;
  private Fixture fixture;
  private Repository large;
  private final ScriptedSource source = new ScriptedSource();

  @BeforeEach
  void open() {
    fixture = new Fixture(folder);
    // With chunks of a megabyte, as customers have them.
    large =
        Repository.init(
            new MemoryObjectStore(fixture.clock),
            RepositorySecret.key(new byte[32]),
            RepositorySettings.defaults(),
            Environment.of(fixture.clock, new SecureRandom()));
  }

  @AfterEach
  void close() {
    large.close();
    fixture.close();
  }

  @Test
  void oneLyingTrackerOfSeveralIsFoundAndOnlyItsDiskIsCompared() {
    MemoryDisk honest = new MemoryDisk(8 * MIB).fill(0, 8 * MIB, 1);
    MemoryDisk lying = new MemoryDisk(8 * MIB).fill(0, 8 * MIB, 2);
    show(honest, untracked(), lying, untracked());
    fixture.backUp(source);
    honest.fill(MIB, 100, 3);
    lying.fill(0, 8 * MIB, 4);
    honest.bytesRead.set(0);
    show(honest, tracked(new BlockRange(MIB, 100)), lying, tracked(new BlockRange(0, 1)));

    BackupReport report = fixture.backUp(source);

    assertThat(report.disks())
        .extracting(BackupReport.Disk::mode)
        .containsExactly(BackupMode.INCREMENTAL, BackupMode.COMPARE);
    assertThat(honest.bytesRead.get()).isEqualTo(9L * Fixture.CHUNK);
    assertThat(fixture.content(report.point(), 0)).isEqualTo(honest.content);
    assertThat(fixture.content(report.point(), 1)).isEqualTo(lying.content);
    assertThat(fixture.state.jobs().notes(report.job(), "alarm"))
        .singleElement()
        .asString()
        .contains("disk vdb is unchanged", "the whole disk was compared");
  }

  @Test
  void anHonestTrackerRaisesNoAlarm() {
    MemoryDisk disk = new MemoryDisk(8 * MIB).fill(0, 8 * MIB, 1);
    show(disk, untracked());
    fixture.backUp(source);
    for (int i = 0; i < 5; i++) {
      disk.fill(i * MIB, 3000, 10 + i);
      show(disk, tracked(new BlockRange((long) i * MIB, 3000)));
      BackupReport report = fixture.backUp(source);
      assertThat(report.mode()).isEqualTo(BackupMode.INCREMENTAL);
      assertThat(fixture.state.jobs().notes(report.job(), "alarm")).isEmpty();
      assertThat(report.disks().getFirst().chunksSampled()).isEqualTo(8);
      assertThat(fixture.content(report.point(), 0)).isEqualTo(disk.content);
    }
  }

  @Test
  void aLostTrackerIsComparedAndTheNextOneBelievedAgain() {
    MemoryDisk disk = new MemoryDisk(8 * MIB).fill(0, 8 * MIB, 1);
    show(disk, untracked());
    fixture.backUp(source);
    disk.fill(5 * MIB, 10, 2);
    show(disk, new ChangeSet.Untracked("the bitmap was lost in a crash of the host"));
    BackupReport fallen = fixture.backUp(source);
    assertThat(fallen.mode()).isEqualTo(BackupMode.COMPARE);
    assertThat(fallen.point().annotations())
        .containsEntry("reason", "the bitmap was lost in a crash of the host");
    assertThat(fallen.bytes().changed()).isEqualTo(Fixture.CHUNK);
    assertThat(fixture.content(fallen.point(), 0)).isEqualTo(disk.content);
    show(disk, tracked());
    assertThat(fixture.backUp(source).mode()).isEqualTo(BackupMode.INCREMENTAL);
  }

  @Test
  void aSparseDiskOf64TebibytesCostsWhatItHolds() {
    HugeDisk disk = new HugeDisk(64 * TIB);
    disk.write(0, 1).write(40 * TIB + 12345, 2).write(64 * TIB - 10, 3);
    show(disk, untracked());
    BackupReport full = backUp();
    assertThat(disk.bytesRead.get()).isEqualTo(3L * HugeDisk.UNIT);
    assertThat(disk.questions.get()).as("questions about holes").isLessThan(3000);

    disk.reset().write(20 * TIB, 4).erase(0);
    BackupReport compared = backUp();
    assertThat(compared.mode()).isEqualTo(BackupMode.COMPARE);
    assertThat(disk.questions.get()).isLessThan(3000);
    assertContent(disk, compared);

    disk.reset().write(7 * TIB, 5);
    show(disk, tracked(new BlockRange(7 * TIB, 1)));
    BackupReport incremental = backUp();
    assertThat(incremental.mode()).isEqualTo(BackupMode.INCREMENTAL);
    assertThat(disk.bytesRead.get()).as("the change and eight samples").isLessThan(10L * MIB);
    assertContent(disk, incremental);

    HugeDisk smaller = disk.reset().resized(41 * TIB);
    show(smaller, untracked());
    assertContent(smaller, backUp());
    HugeDisk larger = smaller.resized(63 * TIB + 512).write(62 * TIB, 6);
    show(larger, untracked());
    assertContent(larger, backUp());
    assertThat(full.point().statistics().bytesStored()).isLessThan(MIB);
  }

  private BackupReport backUp() {
    return new BackupJob(fixture.context(), new CommunityLicence())
        .run("web", source, large, fixture.location);
  }

  private void assertContent(HugeDisk disk, BackupReport report) {
    try (var reader = large.read(report.point().id())) {
      var stored = reader.disk(0);
      List<Long> held = new ArrayList<>();
      for (BlockRange range : stored.allocated(new BlockRange(0, disk.sizeBytes()))) {
        for (long at = range.offset(); at < range.end(); at += large.chunkBytes()) {
          held.add(at / large.chunkBytes());
        }
      }
      assertThat(held)
          .containsExactlyElementsOf(
              disk.data.keySet().stream().map(at -> at / large.chunkBytes()).distinct().toList());
      disk.data.forEach(
          (at, value) -> {
            ByteBuffer one = ByteBuffer.allocate(1);
            stored.read(at, one);
            assertThat(one.get(0)).isEqualTo(value);
          });
    }
  }

  private void show(DiskReader disk, ChangeSet changes) {
    source.disks = List.of(new CapturedDisk("vda", disk, changes));
  }

  private void show(DiskReader a, ChangeSet changesOfA, DiskReader b, ChangeSet changesOfB) {
    source.disks =
        List.of(new CapturedDisk("vda", a, changesOfA), new CapturedDisk("vdb", b, changesOfB));
  }

  private static ChangeSet untracked() {
    return new ChangeSet.Untracked("no tracker here");
  }

  private static ChangeSet tracked(BlockRange... ranges) {
    return new ChangeSet.Tracked("bitmap b0", List.of(ranges));
  }

  /** Single bytes here and there in an ocean of holes. */
  private static final class HugeDisk implements DiskReader {
    static final int UNIT = 4096;
    final TreeMap<Long, Byte> data = new TreeMap<>();
    final AtomicLong questions = new AtomicLong();
    final AtomicLong bytesRead = new AtomicLong();
    private final long size;

    HugeDisk(long size) {
      this.size = size;
    }

    HugeDisk write(long at, int value) {
      data.put(at, (byte) value);
      return this;
    }

    HugeDisk erase(long at) {
      data.remove(at);
      return this;
    }

    HugeDisk reset() {
      questions.set(0);
      bytesRead.set(0);
      return this;
    }

    HugeDisk resized(long bytes) {
      HugeDisk other = new HugeDisk(bytes);
      other.data.putAll(data.headMap(bytes));
      return other;
    }

    @Override
    public long sizeBytes() {
      return size;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      bytesRead.addAndGet(target.remaining());
      byte[] bytes = new byte[target.remaining()];
      Arrays.fill(bytes, (byte) 0);
      data.subMap(offset, offset + bytes.length)
          .forEach((at, value) -> bytes[(int) (at - offset)] = value);
      target.put(bytes);
    }

    @Override
    public List<BlockRange> allocated(BlockRange within) {
      questions.incrementAndGet();
      List<BlockRange> found = new ArrayList<>();
      for (long at : data.subMap(within.offset(), within.end()).keySet()) {
        long from = at / UNIT * UNIT;
        if (found.isEmpty() || found.getLast().end() <= from) {
          found.add(new BlockRange(from, Math.min(UNIT, size - from)));
        }
      }
      return found;
    }

    @Override
    public void close() {}
  }
}
