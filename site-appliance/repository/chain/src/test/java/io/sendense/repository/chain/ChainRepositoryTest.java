package io.sendense.repository.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.Consistency;
import io.sendense.repository.format.PointDraft;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import io.sendense.repository.format.WriteOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainRepositoryTest {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;
  private Chain chain;

  @BeforeEach
  void init() {
    chain = new Chain(folder.resolve("repository"));
  }

  @Test
  void everyPointHoldsWhatWasBackedUpThen() {
    byte[] vda = Chain.disk(5 * MIB + 12_345, 1);
    byte[] vdb = Chain.disk(2 * MIB, 2);
    for (int i = 0; i < 5; i++) {
      chain.backUp(Map.of("vda", vda, "vdb", vdb));
      vda = Chain.changed(vda, i, 3);
      vdb = Chain.changed(vdb, 100 + i, 1);
    }
    assertWhole(chain.repository);
    assertThat(chain.repository.points()).hasSize(5).isEqualTo(List.copyOf(chain.model.keySet()));
  }

  @Test
  void anIncrementalHoldsOnlyTheClustersThatChanged() throws IOException {
    byte[] vda = Chain.disk(64 * MIB, 1);
    Arrays.fill(vda, (byte) 1);
    RestorePoint full = chain.backUp(Map.of("vda", vda));
    byte[] after = vda.clone();
    after[20 * MIB + 7]++;
    after[40 * MIB]++;
    RestorePoint second = chain.backUp(Map.of("vda", after));
    assertThat(Files.size(chain.image(chain.root, full, "vda"))).isGreaterThan(64 * MIB);
    // Header, counts, two tables and one second-level table beside the two clusters.
    assertThat(Files.size(chain.image(chain.root, second, "vda"))).isEqualTo(7 * 65_536);
    assertThat(second.statistics().chunksStored()).isEqualTo(2);
    assertThat(second.statistics().chunksUnchanged()).isEqualTo(62);
    assertWhole(chain.repository);
  }

  @Test
  void aDiskThatShrinksAndGrowsAgainDoesNotShowWhatWasCutOff() {
    byte[] big = new byte[4 * MIB];
    Arrays.fill(big, (byte) 9);
    chain.backUp(Map.of("vda", big));
    byte[] small = Arrays.copyOf(big, MIB + 1000);
    chain.backUp(Map.of("vda", small));
    chain.backUp(Map.of("vda", Arrays.copyOf(small, 4 * MIB)));
    assertWhole(chain.repository);
    chain.repository.delete(List.copyOf(chain.model.keySet()).get(1).id());
    chain.model.remove(List.copyOf(chain.model.keySet()).get(1));
    assertWhole(chain.repository);
  }

  @Test
  void zerosReportedWithoutDataHideWhatTheParentHolds() {
    byte[] full = new byte[3 * MIB];
    Arrays.fill(full, (byte) 5);
    RestorePoint first = chain.backUp(Map.of("vda", full));
    try (PointWriter writer = chain.repository.beginPoint(draft(3 * MIB, Optional.of(first)))) {
      assertThat(writer.zero(0, 1)).isEqualTo(WriteOutcome.ZERO);
      RestorePoint second = writer.seal(Map.of());
      byte[] expected = full.clone();
      Arrays.fill(expected, MIB, 2 * MIB, (byte) 0);
      assertThat(chain.read(chain.repository, second, 0)).isEqualTo(expected);
      try (PointReader reader = chain.repository.read(second.id())) {
        assertThat(reader.disk(0).allocated(new BlockRange(0, 3 * MIB)))
            .containsExactly(new BlockRange(0, MIB), new BlockRange(2 * MIB, MIB));
      }
    }
  }

  @Test
  void aChunkWrittenTwiceKeepsTheSecondContent() {
    RestorePoint first = chain.backUp(Map.of("vda", Chain.disk(2 * MIB, 1)));
    byte[] before = chain.read(chain.repository, first, 0);
    try (PointWriter writer = chain.repository.beginPoint(draft(2 * MIB, Optional.of(first)))) {
      writer.write(0, 0, Chain.disk(MIB, 7), MIB);
      assertThat(writer.matchesParent(0, 1, Arrays.copyOfRange(before, MIB, 2 * MIB), MIB))
          .isTrue();
      writer.write(0, 0, Arrays.copyOf(before, MIB), MIB);
      RestorePoint second = writer.seal(Map.of());
      assertThat(chain.read(chain.repository, second, 0)).isEqualTo(before);
    }
  }

  @Test
  void aMachineHasOneWriterAndNoBranches() {
    RestorePoint first = chain.backUp(Map.of("vda", Chain.disk(MIB, 1)));
    try (PointWriter _ = chain.repository.beginPoint(draft(MIB, Optional.of(first)))) {
      assertCode(
          ErrorCode.CONFLICT, () -> chain.repository.beginPoint(draft(MIB, Optional.of(first))));
      assertCode(ErrorCode.CONFLICT, () -> chain.repository.keepNewest("web", 1));
    }
    chain.backUp(Map.of("vda", Chain.disk(MIB, 2)));
    assertCode(
        ErrorCode.CONFLICT, () -> chain.repository.beginPoint(draft(MIB, Optional.of(first))));
    assertWhole(chain.repository);
  }

  @Test
  void anAbandonedPointLeavesNothing() throws IOException {
    chain.backUp(Map.of("vda", Chain.disk(MIB, 1)));
    List<Path> before = files();
    try (PointWriter writer = chain.repository.beginPoint(draft(MIB, Optional.empty()))) {
      writer.write(0, 0, Chain.disk(MIB, 3), MIB);
    }
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aFlippedByteIsFoundInEveryPointThatStandsOnIt() throws IOException {
    byte[] vda = Chain.disk(3 * MIB, 1);
    RestorePoint first = chain.backUp(Map.of("vda", vda));
    RestorePoint second = chain.backUp(Map.of("vda", Chain.changed(vda, 42, 3)));
    flip(chain.image(chain.root, second, "vda"), 6 * 65_536 + 5);
    VerifyReport report =
        chain.repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(VerifyReport.Kind.DAMAGED);
              assertThat(finding.point()).contains(second.id());
              assertThat(finding.disk()).contains("vda");
            });
    assertCode(ErrorCode.STORE_DAMAGED, () -> chain.repository.read(second.id()));
    assertThat(chain.read(chain.repository, first, 0)).isEqualTo(vda);
    assertCode(ErrorCode.STORE_DAMAGED, () -> chain.repository.keepNewest("web", 1));
    assertThat(chain.repository.points()).hasSize(2);
    Files.delete(chain.image(chain.root, first, "vda"));
    assertThat(
            chain
                .repository
                .verify(VerifyOptions.structure(), VerifyReport.Progress.NONE)
                .findings())
        .hasSize(2)
        .allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(VerifyReport.Kind.MISSING));
    assertCode(ErrorCode.STORE_OBJECT_MISSING, () -> chain.repository.read(first.id()));
  }

  @Test
  void aDamagedSideFileIsShownAndNothingIsDeletedBesideIt() throws IOException {
    chain.backUp(Map.of("vda", Chain.disk(MIB, 1)));
    RestorePoint second = chain.backUp(Map.of("vda", Chain.disk(MIB, 2)));
    Path side = chain.root.resolve("web").resolve(second.id() + ".json");
    Files.writeString(side, Files.readString(side).replace("CRASH", "CRUSH"));
    assertThat(chain.repository.points()).hasSize(1);
    assertThat(chain.repository.catalogue().damaged())
        .singleElement()
        .satisfies(finding -> assertThat(finding.detail()).contains("checksum"));
    List<Path> before = files();
    assertCode(ErrorCode.STORE_DAMAGED, () -> chain.repository.keepNewest("web", 1));
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void namesOfMachinesAndDisksCannotLeadOutOfTheDirectory() {
    assertThat(ChainFolder.safe("../../etc/x")).matches("[A-Za-z0-9_-]+");
    assertThat(ChainFolder.safe("a.b")).isNotEqualTo(ChainFolder.safe("a_b"));
    assertThat(ChainFolder.safe("web-1")).isEqualTo("web-1");
  }

  private void assertWhole(ChainRepository repository) {
    chain.model.forEach(
        (point, disks) ->
            disks.forEach(
                (name, content) ->
                    assertThat(chain.read(repository, point, point.diskNamed(name).orElseThrow()))
                        .isEqualTo(content)));
    assertThat(repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
  }

  private PointDraft draft(long size, Optional<RestorePoint> parent) {
    return new PointDraft(
        "web",
        chain.clock.instant(),
        Consistency.CRASH,
        parent.map(RestorePoint::id),
        List.of(new PointDraft.Disk("vda", size)));
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(chain.root)) {
      return all.filter(path -> !path.endsWith(".lock")).sorted().toList();
    }
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static void assertCode(
      ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(SendenseException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
