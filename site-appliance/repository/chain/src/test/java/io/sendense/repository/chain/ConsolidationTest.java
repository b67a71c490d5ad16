package io.sendense.repository.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import io.sendense.testkit.Folders;
import io.sendense.testkit.Peers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a kill leaves at each step: the directory is copied right after the step, and each copy is
 * then opened as the next process would find it.
 */
@Tag("server")
class ConsolidationTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Chain chain;
  private final Map<String, Path> copies = new LinkedHashMap<>();

  @BeforeEach
  void makeAChainOfFivePoints() {
    List.of("qemu-img", "qemu-io").forEach(Peers::require);
    chain = new Chain(folder.resolve("repository"));
    byte[] vda = Chain.disk(4 * MIB, 1);
    byte[] vdb = Chain.disk(2 * MIB + 512, 2);
    chain.backUp(Map.of("vda", vda, "vdb", vdb));
    // Shrunk to no whole cluster, then grown: what was cut off must stay hidden.
    vda = Arrays.copyOf(vda, 3 * MIB + 1000);
    chain.backUp(Map.of("vda", vda, "vdb", vdb));
    vda = Chain.changed(Arrays.copyOf(vda, 4 * MIB), 3, 2);
    vdb = Chain.changed(vdb, 4, 2);
    chain.backUp(Map.of("vda", vda, "vdb", vdb));
    byte[] zeroed = Chain.changed(vda, 5, 2);
    Arrays.fill(zeroed, MIB, 2 * MIB, (byte) 0);
    chain.backUp(Map.of("vda", zeroed));
    chain.backUp(Map.of("vda", Chain.changed(zeroed, 6, 2), "vdb", Chain.changed(vdb, 7, 1)));
  }

  @Test
  void everyPointIsThereForQemuWithoutUs() {
    assertThat(chain.model).hasSize(5);
    assertAllAgree(chain.root, List.copyOf(chain.model.keySet()));
    RestorePoint newest = List.copyOf(chain.model.keySet()).getLast();
    // Another place: the names of the backing files are relative.
    Path moved = folder.resolve("moved");
    Folders.copy(chain.root, moved);
    Folders.delete(chain.root);
    Path image = chain.image(moved, newest, "vda");
    assertThat(Chain.qemu("qemu-img", "info", "--backing-chain", "-f", "qcow2", image))
        .contains("backing file format: qcow2");
    Chain.qemu("qemu-io", "-r", "-f", "qcow2", "-c", "read -q 0 4M", image);
    assertAllAgree(moved, List.copyOf(chain.model.keySet()));
  }

  @Test
  void aKillAtAnyStepOfDroppingTheOldestPointsBreaksNoPoint() {
    List<RestorePoint> points = List.copyOf(chain.model.keySet());
    chain.watched(this::copy).keepNewest("web", 2);
    assertThat(copies.keySet())
        .anyMatch(step -> step.contains("wrote the side file"))
        .anyMatch(step -> step.contains("replaced") && step.contains("vda.qcow2"))
        .anyMatch(step -> step.contains("deleted") && step.contains(".json"))
        .hasSizeGreaterThan(10);
    assertAllAgree(chain.root, points.subList(3, 5));
    assertThat(chain.repository.points()).hasSize(2);
    copies.forEach((step, copy) -> assertGoesOn(step, copy, points.subList(3, 5)));
  }

  @Test
  void aKillAtAnyStepOfDeletingAPointInTheMiddleBreaksNoOther() {
    List<RestorePoint> points = List.copyOf(chain.model.keySet());
    chain.watched(this::copy).delete(points.get(1).id());
    List<RestorePoint> kept = new ArrayList<>(points);
    kept.remove(1);
    assertAllAgree(chain.root, kept);
    assertThat(copies).hasSizeGreaterThan(5);
    copies.forEach((step, copy) -> assertGoesOn(step, copy, kept));
  }

  @Test
  void aKillAtAnyStepOfDeletingPointsApartFromEachOtherBreaksNoneThatStays() {
    List<RestorePoint> points = List.copyOf(chain.model.keySet());
    assertThat(
            chain
                .watched(this::copy)
                .delete("web", Set.of(points.get(0).id(), points.get(1).id(), points.get(3).id())))
        .containsExactly(points.get(0).id(), points.get(1).id(), points.get(3).id());
    List<RestorePoint> kept = List.of(points.get(2), points.get(4));
    assertAllAgree(chain.root, kept);
    assertThat(chain.repository.points()).isEqualTo(kept);
    assertThat(copies).hasSizeGreaterThan(10);
    copies.forEach((step, copy) -> assertGoesOn(step, copy, kept));
  }

  @Test
  void aKillAtAnyStepOfABackupLeavesEarlierPointsWholeAndTheNextBackupGoesOn() {
    List<RestorePoint> points = List.copyOf(chain.model.keySet());
    chain.backUp(chain.watched(this::copy), Map.of("vda", Chain.disk(4 * MIB, 9)));
    assertThat(copies).hasSize(3);
    copies.forEach((step, copy) -> assertGoesOn(step, copy, points));
  }

  @Test
  void theNewestPointCanBeDeletedToo() {
    List<RestorePoint> points = List.copyOf(chain.model.keySet());
    chain.repository.delete(points.get(4).id());
    assertAllAgree(chain.root, points.subList(0, 4));
    chain.model.remove(points.get(4));
    chain.backUp(Map.of("vda", Chain.disk(4 * MIB, 11)));
    assertAllAgree(chain.root, List.copyOf(chain.model.keySet()));
  }

  /** Points that must be there are whole, a backup works, and nothing of the past stays behind. */
  private void assertGoesOn(String step, Path copy, List<RestorePoint> must) {
    ChainRepository crashed = ChainRepository.open(copy, chain.clock, new SecureRandom());
    assertThat(crashed.points()).as(step).containsAll(must);
    for (RestorePoint point : crashed.points()) {
      Map<String, byte[]> disks = chain.model.get(point);
      if (disks != null) {
        disks.forEach(
            (name, content) ->
                assertThat(chain.read(crashed, point, point.diskNamed(name).orElseThrow()))
                    .as(step)
                    .isEqualTo(content));
      }
    }
    assertAllAgree(copy, must);
    chain.backUp(crashed, Map.of("vda", Chain.disk(4 * MIB, 13)));
    crashed.keepNewest("web", 1);
    assertThat(crashed.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .as(step)
        .isEmpty();
    assertThat(copy.resolve("web").toFile().list()).as(step).hasSize(3);
  }

  private void copy(String step) {
    String name = copies.size() + " " + step;
    Path to = folder.resolve("copy-" + copies.size());
    Folders.copy(chain.root, to);
    copies.put(name, to);
  }

  private void assertAllAgree(Path root, List<RestorePoint> points) {
    for (RestorePoint point : points) {
      chain
          .model
          .getOrDefault(point, Map.of())
          .forEach(
              (name, content) -> Chain.qemuAgrees(chain.image(root, point, name), content, folder));
    }
  }
}
