package io.sendense.connectors.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sendense.connectors.spi.Baseline;
import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.spi.CapturedDisk;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachineText;
import io.sendense.connectors.spi.Readiness;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every source promises, on a machine of its own platform. A connector passes by extending
 * this with its hook. Needs JUnit, which comes with the test that extends it.
 */
public abstract class SourceContract {
  private static final int ROUNDS = 8;
  private static final int MORE_THAN_ALL_RECORDS = 100;

  private final RecordsInMemory records = new RecordsInMemory();
  private final RandomGenerator random = new SplittableRandom(7);
  private SourceUnderTest source;
  private GuestModel model;

  /** A machine of its own for one test. */
  protected abstract SourceUnderTest machine() throws Exception;

  @BeforeEach
  void make() throws Exception {
    source = machine();
    model = new GuestModel(source);
  }

  @AfterEach
  void remove() {
    source.close();
  }

  private Capture capture(Optional<Baseline> baseline) {
    return source.connector(records).capture(baseline);
  }

  private Baseline committed(Optional<Baseline> before) {
    try (Capture capture = capture(before)) {
      model.apply(capture);
      capture.commit();
      return capture.baseline();
    }
  }

  private List<String> names(Capture capture) {
    return capture.disks().stream().map(CapturedDisk::name).sorted().toList();
  }

  @Test
  void preparingSaysReadyAndLeavesNothing() {
    List<String> before = source.remains();
    assertInstanceOf(Readiness.Ready.class, source.connector(records).prepare());
    assertEquals(before, source.remains());
    assertEquals(List.of(), records.all());
  }

  @Test
  void aFirstCaptureHoldsEveryDiskAndTracksNothing() {
    model.write(source.disks().getFirst(), 5, 1 << 20, 1 << 20);
    model.write(source.disks().getLast(), 6, 0, 4096);
    try (Capture capture = capture(Optional.empty())) {
      assertEquals(source.disks().stream().sorted().toList(), names(capture));
      for (CapturedDisk disk : capture.disks()) {
        ChangeSet.Untracked none = assertInstanceOf(ChangeSet.Untracked.class, disk.changes());
        assertFalse(none.reason().isBlank());
        assertEquals(SourceUnderTest.DISK_BYTES, disk.reader().sizeBytes());
      }
      GuestModel.assertReads(capture, model.now());
    }
  }

  @Test
  void thePointStandsStillWhileTheGuestWrites() {
    assumeTrue(source.standsStill(), "whoever names these disks sees to that");
    model.write(source.disks().getFirst(), 5, 1 << 20, 1 << 20);
    Map<String, byte[]> then = model.now();
    try (Capture capture = capture(Optional.empty())) {
      for (String disk : source.disks()) {
        model.write(disk, 9, 0, 2 << 20);
      }
      GuestModel.assertReads(capture, then);
      GuestModel.assertReads(capture, then);
    }
  }

  @Test
  void fullAndIncrementalsTogetherAreAlwaysTheWholeDiskAlsoWhenJobsFail() {
    Optional<Baseline> baseline = Optional.empty();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 4; i++) {
        model.writeSomewhere(random);
      }
      Map<String, byte[]> then = model.now();
      try (Capture capture = capture(baseline)) {
        if (source.standsStill()) {
          model.writeSomewhere(random);
        }
        model.apply(capture);
        model.assertCopyIs(then);
        if (source.tracks() && round > 0) {
          for (CapturedDisk disk : capture.disks()) {
            assertInstanceOf(ChangeSet.Tracked.class, disk.changes());
          }
        }
        // Every third job fails: the next one must still know all changes.
        if (round % 3 != 2) {
          capture.commit();
          baseline = Optional.of(capture.baseline());
        }
      }
      assertEquals(List.of(), records.all(), "owner records after a job");
    }
  }

  @Test
  void anIncrementalNamesLittleMoreThanWhatWasWritten() {
    assumeTrue(source.tracks(), "nothing is tracked here");
    Baseline baseline = committed(Optional.empty());
    model.write(source.disks().getFirst(), 5, 1 << 20, 4096);
    try (Capture capture = capture(Optional.of(baseline))) {
      for (CapturedDisk disk : capture.disks()) {
        boolean written = disk.name().equals(source.disks().getFirst());
        long tracked = GuestModel.trackedBytes(disk);
        assertTrue(
            tracked >= (written ? 4096 : 0) && tracked <= (written ? 1 << 20 : 0), "" + tracked);
      }
    }
  }

  @Test
  void aFailedCaptureLeavesNothingButTheOldBaseline() {
    Baseline baseline = committed(Optional.empty());
    List<String> before = source.remains();
    capture(Optional.of(baseline)).close();
    assertEquals(before, source.remains());
    assertEquals(List.of(), records.all());
  }

  @Test
  void manyJobsLeaveNoMoreThanOne() {
    Baseline baseline = committed(Optional.empty());
    int before = source.remains().size();
    for (int i = 0; i < 3; i++) {
      baseline = committed(Optional.of(baseline));
    }
    assertEquals(before, source.remains().size());
  }

  @Test
  void aBaselineOfAnotherConnectorIsNoErrorButNoBaseline() {
    model.write(source.disks().getFirst(), 5, 0, 4096);
    for (String token : List.of("nonsense", "q1;x;y", "libvirt1;x;y", ";;", "libvirt1;-;", "é")) {
      try (Capture capture = capture(Optional.of(new Baseline(token)))) {
        for (CapturedDisk disk : capture.disks()) {
          assertInstanceOf(ChangeSet.Untracked.class, disk.changes());
        }
      }
    }
  }

  @Test
  void anOlderBaselineThanTheNewestIsNoneOrHoldsAllSince() {
    Baseline first = committed(Optional.empty());
    Map<String, byte[]> then = model.now();
    model.write(source.disks().getFirst(), 5, 0, 1 << 20);
    committed(Optional.of(first));
    model.write(source.disks().getLast(), 6, 4 << 20, 1 << 20);
    GuestModel.assertDifferenceIsNamed(then, model.now(), capture(Optional.of(first)));
  }

  @Test
  void whateverRecordCannotBeWrittenNothingIsLeftBehind() {
    Baseline baseline = committed(Optional.empty());
    List<String> before = source.remains();
    for (int n = 1; n < MORE_THAN_ALL_RECORDS; n++) {
      records.failAt(n);
      try (Capture capture = capture(Optional.of(baseline))) {
        assertFalse(capture.disks().isEmpty());
      } catch (SendenseException e) {
        assertEquals(ErrorCode.NO_SPACE, e.code());
      }
      boolean reached = records.failed();
      source.connector(records).reap();
      assertEquals(before, source.remains(), "after record " + n + " could not be written");
      assertEquals(List.of(), records.all());
      if (!reached) {
        return;
      }
    }
    throw new AssertionError("a capture never came to its end");
  }

  @Test
  void whatAKilledProcessLeftIsReapedAndNoWriteIsLost() {
    Baseline baseline = committed(Optional.empty());
    List<String> before = source.remains();
    model.write(source.disks().getFirst(), 5, 0, 1 << 20);
    Capture left = capture(Optional.of(baseline));
    assumeTrue(source.abandon(left), "this harness cannot play a killed process");
    model.write(source.disks().getLast(), 6, 4 << 20, 1 << 20);

    source.connector(records).reap();

    assertEquals(before, source.remains());
    assertEquals(List.of(), records.all());
    Map<String, byte[]> then = model.now();
    try (Capture capture = capture(Optional.of(baseline))) {
      model.apply(capture);
      model.assertCopyIs(then);
    }
  }

  @Test
  void forgettingRemovesWhatBaselinesHoldAndTheNextCaptureIsAFirstOne() {
    List<String> before = source.remains();
    Baseline baseline = committed(Optional.empty());
    source.connector(records).forget();
    source.connector(records).forget();
    assertEquals(before, source.remains());
    assertEquals(List.of(), records.all());
    try (Capture capture = capture(Optional.of(baseline))) {
      for (CapturedDisk disk : capture.disks()) {
        assertInstanceOf(ChangeSet.Untracked.class, disk.changes());
      }
    }
  }

  @Test
  void aCaptureIsClosedTwiceWithoutHarmAndNotCommittedAfterwards() {
    Capture capture = capture(Optional.empty());
    capture.close();
    capture.close();
    assertThrows(SendenseException.class, capture::commit);
  }

  @Test
  void theMachineOfAPointIsDescribedAsItsTextKeepsIt() {
    try (Capture capture = capture(Optional.empty())) {
      Optional<Machine> machine = capture.machine();
      assumeTrue(machine.isPresent(), "this source knows only disks");
      Machine read = MachineText.read(MachineText.write(machine.get()).orElseThrow());
      assertEquals(machine.get().name(), read.name());
      assertEquals(machine.get().hardware(), read.hardware());
      assertEquals(machine.get().nics(), read.nics());
      assertEquals(machine.get().details(), read.details());
      assertEquals(names(capture), read.disks().stream().map(Machine.Disk::name).sorted().toList());
    }
  }
}
