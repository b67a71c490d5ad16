package io.sendense.recovery.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.recovery.prove.DiskFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SignedProofTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/sendense/recovery/proof");

  @TempDir private Path folder;

  @Test
  void aRecordOfTodayReadsAsTheGoldenOneDoes() throws IOException {
    PublicKey key = ProofKey.publicKey(GOLDEN.resolve("v1.pub.pem"));
    JsonNode golden = SignedProof.verify(Files.readAllBytes(GOLDEN.resolve("v1.json")), key);
    JsonMapper json = JsonMapper.shared();
    assertThat(golden).isEqualTo(json.readTree(json.writeValueAsBytes(record().document())));
  }

  @Test
  void whatWasSignedVerifiesWithThePublicHalfAlone() {
    ProofKey key = ProofKey.open(folder, new SecureRandom());
    byte[] file = SignedProof.sign(record(), key);
    JsonNode payload = SignedProof.verify(file, ProofKey.publicKey(ProofKey.publicFile(folder)));
    assertThat(payload.path("recoveryMillis").asLong()).isEqualTo(13_900);
    assertThat(ProofKey.open(folder, new SecureRandom()).open()).isEqualTo(key.open());
  }

  @Test
  void aChangedPayloadAndAnotherKeyAreRefused() {
    ProofKey key = ProofKey.open(folder, new SecureRandom());
    byte[] file = SignedProof.sign(record(), key);
    JsonNode all = JsonMapper.shared().readTree(file);
    String payload =
        new String(
            Base64.getUrlDecoder().decode(all.path("payload").asString()), StandardCharsets.UTF_8);
    String changed =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                payload
                    .replace("\"passed\":true", "\"passed\":false")
                    .getBytes(StandardCharsets.UTF_8));
    byte[] forged =
        JsonMapper.shared()
            .writeValueAsBytes(
                Map.of(
                    "protected",
                    all.path("protected").asString(),
                    "payload",
                    changed,
                    "signature",
                    all.path("signature").asString()));
    assertThatThrownBy(() -> SignedProof.verify(forged, key.open()))
        .hasMessageContaining("does not fit")
        .extracting("code")
        .isEqualTo(ErrorCode.UNAUTHENTICATED);
    PublicKey other = ProofKey.open(folder.resolve("other"), new SecureRandom()).open();
    assertThatThrownBy(() -> SignedProof.verify(file, other)).hasMessageContaining("another key");
    assertThatThrownBy(() -> SignedProof.verify("{}".getBytes(StandardCharsets.UTF_8), key.open()))
        .hasMessageContaining("no proof record");
  }

  @Test
  void theTrendCountsGenuineRecordsOnly() throws IOException {
    ProofKey key = ProofKey.open(folder, new SecureRandom());
    ProofKey forger = ProofKey.open(folder.resolve("forger"), new SecureRandom());
    Path machine = folder.resolve("machine");
    write(machine.resolve("1"), SignedProof.sign(record(), key));
    write(machine.resolve("2"), SignedProof.sign(record(), forger));
    write(machine.resolve("3"), new byte[] {1, 2, 3});
    Trend trend = Trend.of(machine, key.open());
    assertThat(trend.earlier())
        .containsExactly(
            new Trend.Measured(Instant.parse("2026-12-01T01:00:00Z"), Duration.ofMillis(13_900)));
    assertThat(trend.median()).contains(Duration.ofMillis(13_900));
    assertThat(Trend.of(folder.resolve("none"), key.open()).median()).isEmpty();
  }

  private static void write(Path place, byte[] bytes) throws IOException {
    Files.createDirectories(place);
    Files.write(place.resolve(Trend.FILE), bytes);
  }

  static ProofRecord record() {
    return new ProofRecord(
        UUID.fromString("00000000-0000-4000-8000-000000000001"),
        "orders-db",
        UUID.fromString("00000000-0000-4000-8000-000000000002"),
        Instant.parse("2026-12-01T00:00:00Z"),
        Instant.parse("2026-12-01T01:00:00Z"),
        Instant.parse("2026-12-01T01:00:20Z"),
        "tcg",
        2,
        512L << 20,
        true,
        Optional.of(Duration.ofMillis(13_900)),
        List.of(
            new ProofRecord.Made(
                "boot", true, "PASSED", "login prompt on the console", Duration.ofMillis(13_900))),
        List.of(
            new ProofRecord.Disk(
                "disk0",
                1L << 30,
                "ab".repeat(32),
                List.of(new DiskFiles.VolumeFiles("disk0p2", "ext4", true, 61, List.of(), true)))),
        new TreeMap<>(Map.of("console.log", "cd".repeat(32))));
  }
}
