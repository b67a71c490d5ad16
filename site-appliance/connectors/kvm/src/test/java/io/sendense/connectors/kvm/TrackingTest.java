package io.sendense.connectors.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.connectors.spi.Baseline;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrackingTest {
  private static final String PREFIX = "sendense-a-";
  private static final String NAME = PREFIX + "0123456789ab";

  private static DirtyBitmap bitmap(String name) {
    return new DirtyBitmap(name, true, false, true, false);
  }

  private static QemuDisk disk(DirtyBitmap... bitmaps) {
    return new QemuDisk("vda", "/vda", "a", "qcow2", 100, Optional.empty(), List.of(bitmaps));
  }

  private static Optional<Baseline> baseline() {
    return Optional.of(BaselineToken.of(NAME, List.of(disk())).toBaseline());
  }

  private static Tracking tracking(DirtyBitmap... bitmaps) {
    return Tracking.of(disk(bitmaps), baseline(), PREFIX);
  }

  @Test
  void aRecordingBitmapOfTheBaselineIsUsed() {
    assertThat(tracking(bitmap(NAME))).isEqualTo(new Tracking(Optional.of(NAME), "", List.of()));
  }

  @Test
  void aMissingBitmapIsNamed() {
    assertThat(tracking().reason()).contains("no longer").contains(NAME);
  }

  @Test
  void anInconsistentBitmapIsNotTrustedAndRemoved() {
    Tracking tracking = tracking(new DirtyBitmap(NAME, false, false, true, true));
    assertThat(tracking.reason()).contains("inconsistent");
    assertThat(tracking.stale()).containsExactly(NAME);
  }

  @Test
  void aBusyBitmapIsNotTrustedAndNotRemoved() {
    Tracking tracking = tracking(new DirtyBitmap(NAME, true, true, true, false));
    assertThat(tracking.reason()).contains("in use");
    assertThat(tracking.stale()).isEmpty();
  }

  @Test
  void aBitmapThatWasSwitchedOffMissesWrites() {
    Tracking tracking = tracking(new DirtyBitmap(NAME, false, false, true, false));
    assertThat(tracking.reason()).contains("switched off");
    assertThat(tracking.stale()).containsExactly(NAME);
  }

  @Test
  void bitmapsOfAnotherOwnerOrTheAdministratorAreNeverStale() {
    assertThat(
            tracking(
                    bitmap(NAME),
                    bitmap("backup"),
                    bitmap("sendense-a-b-0123456789ab"),
                    bitmap("sendense-a-mine"))
                .stale())
        .isEmpty();
  }

  @Test
  void bitmapsOfOursBesideTheBaselinesAreStale() {
    assertThat(tracking(bitmap(NAME), bitmap(PREFIX + "ffffffffffff")).stale())
        .containsExactly(PREFIX + "ffffffffffff");
  }

  @Test
  void aResizedDiskHasNoBaseline() {
    QemuDisk grown =
        new QemuDisk("vda", "/vda", "a", "qcow2", 200, Optional.empty(), List.of(bitmap(NAME)));
    assertThat(Tracking.of(grown, baseline(), PREFIX).reason()).contains("resized");
  }

  @Test
  void aForeignOrDamagedTokenIsNoBaseline() {
    for (String token : List.of("x", "q1;;", "q2;" + NAME + ";00", "q1;other;00", ";;;;")) {
      assertThat(Tracking.of(disk(), Optional.of(new Baseline(token)), PREFIX).bitmap()).isEmpty();
    }
  }

  @Test
  void theLargestTokenFitsIntoABaseline() {
    List<QemuDisk> disks =
        java.util.stream.IntStream.range(0, BaselineToken.MAX_DISKS)
            .mapToObj(
                i ->
                    new QemuDisk(
                        "disk" + i, "/", "a", "qcow2", 1L << 40, Optional.empty(), List.of()))
            .toList();
    String longest = "sendense-" + "o".repeat(24) + "-0123456789ab";
    Baseline token = BaselineToken.of(longest, disks).toBaseline();
    assertThat(BaselineToken.parse(token).orElseThrow().diskMarks()).hasSize(disks.size());
  }

  @Test
  void disksAreNamedByTheDevicesId() {
    assertThat(DeviceNames.diskName("/machine/peripheral/vda/virtio-backend", "")).isEqualTo("vda");
    assertThat(DeviceNames.diskName("scsi0", "drive0")).isEqualTo("scsi0");
    assertThat(DeviceNames.diskName("/machine/peripheral-anon/device[0]/virtio-backend", "virtio0"))
        .isEqualTo("virtio0");
    assertThat(DeviceNames.qomPath("scsi0")).isEqualTo("/machine/peripheral/scsi0");
  }
}
