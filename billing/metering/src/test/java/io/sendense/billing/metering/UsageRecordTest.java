package io.sendense.billing.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.Edition;
import io.sendense.domain.VmId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UsageRecordTest {
  @Test
  void recordOfVersion1HasTheseBytes() throws Exception {
    UsageRecord second = Usages.chain(2).get(1);
    assertThat(second.toBytes()).isEqualTo(golden("record-v1.bin"));
    assertThat(UsageRecord.ofBytes(golden("record-v1.bin"))).isEqualTo(second);
    assertThat(second.hash().toString())
        .isEqualTo(
            new String(golden("record-v1.sha256"), java.nio.charset.StandardCharsets.US_ASCII)
                .strip());
  }

  @Test
  void batchOfVersion1IsReadAndItsSignatureHolds() throws Exception {
    UsageBatch batch = UsageBatch.ofBytes(golden("batch-v1.bin"));
    PublicKey key =
        KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(golden("batch-v1.spki")));
    assertThat(batch.records()).isEqualTo(Usages.chain(3));
    assertThat(batch.signedBy(key)).isTrue();
    assertThat(batch.toBytes()).isEqualTo(golden("batch-v1.bin"));
  }

  @Test
  void everyCutAndEveryAddedByteIsRefused() {
    byte[] bytes = Usages.chain(2).get(1).toBytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> UsageRecord.ofBytes(cut)).isInstanceOf(UsageFormatException.class);
    }
    assertThatThrownBy(() -> UsageRecord.ofBytes(Arrays.copyOf(bytes, bytes.length + 1)))
        .isInstanceOf(UsageFormatException.class);
  }

  @Test
  void unknownVersionIsRefusedByNumber() {
    byte[] bytes = Usages.chain(1).getFirst().toBytes();
    bytes[5] = 2;
    assertThatThrownBy(() -> UsageRecord.ofBytes(bytes)).hasMessageContaining("version 2");
  }

  @Test
  void everyChangedByteGivesAnotherHashOrIsRefused() {
    UsageRecord original = Usages.chain(2).get(1);
    byte[] bytes = original.toBytes();
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 0x40;
      try {
        assertThat(UsageRecord.ofBytes(changed).hash()).isNotEqualTo(original.hash());
      } catch (UsageFormatException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void sameVmTwiceIsRefused() {
    UsageRecord usage = Usages.chain(1).getFirst();
    List<VmUsage> twice = new ArrayList<>(usage.vms());
    twice.add(usage.vms().getFirst());
    assertThatThrownBy(() -> new UsageRecord(usage.id(), usage.previous(), usage.hour(), twice))
        .hasMessageContaining("twice");
  }

  @Test
  void recordIdSurvivesItsTextForm() {
    UsageRecordId id = Usages.chain(3).getLast().id();
    assertThat(UsageRecordId.parse(id.toString())).isEqualTo(id);
  }

  @Property(tries = 500)
  void everyRecordSurvivesItsByteFormInWhateverOrderItsVmsCame(@ForAll("vms") List<VmUsage> vms)
      throws Exception {
    UsageRecord usage =
        new UsageRecord(new UsageRecordId(Usages.CHAIN, 1), Hash.ZERO, Usages.START, vms);
    UsageRecord reversed =
        new UsageRecord(
            new UsageRecordId(Usages.CHAIN, 1), Hash.ZERO, Usages.START, vms.reversed());
    assertThat(UsageRecord.ofBytes(usage.toBytes())).isEqualTo(usage);
    assertThat(reversed.hash()).isEqualTo(usage.hash());
  }

  @Property(tries = 500)
  void noiseIsRefusedAndNothingElseHappens(@ForAll byte[] noise) {
    assertThatThrownBy(() -> UsageRecord.ofBytes(noise)).isInstanceOf(UsageFormatException.class);
    assertThatThrownBy(() -> UsageBatch.ofBytes(noise)).isInstanceOf(UsageFormatException.class);
  }

  @Provide
  Arbitrary<List<VmUsage>> vms() {
    Arbitrary<VmId> ids =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
            .as((high, low) -> new VmId(new UUID(high, low)));
    return Combinators.combine(
            ids,
            Arbitraries.of(Edition.class),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, Integer.MAX_VALUE),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            Arbitraries.longs().between(0, Long.MAX_VALUE),
            Arbitraries.integers().between(0, 0xffff))
        .as(VmUsage::new)
        .list()
        .ofMaxSize(20)
        .uniqueElements(VmUsage::vm);
  }

  private static byte[] golden(String name) {
    try (InputStream in = UsageRecordTest.class.getResourceAsStream("/golden/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes new golden files into the folder given; only ever for a new version. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    UsageRecord second = Usages.chain(2).get(1);
    Files.write(folder.resolve("record-v1.bin"), second.toBytes());
    Files.writeString(folder.resolve("record-v1.sha256"), second.hash() + "\n");
    Files.write(folder.resolve("batch-v1.bin"), Usages.batch(Usages.chain(3)).toBytes());
    Files.write(folder.resolve("batch-v1.spki"), Usages.KEY.getPublic().getEncoded());
  }
}
