package io.sendense.licensing.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.CustomerId;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.LicenceId;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.HardwareFacts;
import io.sendense.licensing.grant.Lease;
import io.sendense.licensing.grant.LicenceVerifier;
import io.sendense.licensing.grant.TrustSet;
import io.sendense.licensing.grant.Verdict;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyCustodyTest {
  private static final char[] PASSPHRASE = "for this test only".toCharArray();
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final ApplianceId APPLIANCE = new ApplianceId(new UUID(1, 2));
  private static final CustomerId CUSTOMER = new CustomerId(new UUID(3, 4));

  /**
   * With one key, which takes seconds to make; a test that changes anything in it works on a copy.
   */
  @TempDir static Path made;

  @TempDir Path folder;

  private final SecureRandom random = new SecureRandom();

  @BeforeAll
  static void makeAKey() {
    FileKeyCustody.open(made, PASSPHRASE, new SecureRandom());
  }

  /** The key made before, with the permissions it was given. */
  private Path keys() throws IOException {
    Path keys = Files.createDirectory(folder.resolve("keys"));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(made)) {
      for (Path file : files) {
        Files.copy(file, keys.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return keys;
  }

  @Test
  void whatItSignsIsGenuineAndStaysSoAfterARotation() throws Exception {
    FileKeyCustody custody = FileKeyCustody.open(keys(), PASSPHRASE, random);
    GrantIssuer issuer = new GrantIssuer(custody);
    GrantIssuer.SignedText before = issuer.sign(TestLicence.of(CUSTOMER, APPLIANCE, NOW));
    String next = custody.generate();
    TrustSet pinned = TrustSet.parse(Files.readString(folder.resolve("keys/trust.json")));
    assertThat(custody.currentKeyId()).isEqualTo(before.keyId()).isNotEqualTo(next);

    custody.promote(next);
    GrantIssuer.SignedText after = issuer.sign(TestLicence.of(CUSTOMER, APPLIANCE, NOW));

    assertThat(after.keyId()).isEqualTo(next);
    LicenceVerifier verifier = new LicenceVerifier(pinned, CUSTOMER, APPLIANCE);
    assertThat(verifier.verifyLicence(before.jws(), HardwareFacts.NONE, NOW))
        .isInstanceOf(Verdict.Valid.class);
    assertThat(verifier.verifyLicence(after.jws(), HardwareFacts.NONE, NOW))
        .isInstanceOf(Verdict.Valid.class);
  }

  @Test
  void keysSurviveARestartAndOnlyTheirPassphraseOpensThem() throws Exception {
    Path keys = keys();
    String id = FileKeyCustody.open(keys, PASSPHRASE, random).currentKeyId();

    FileKeyCustody again = FileKeyCustody.open(keys, PASSPHRASE, random);
    assertThat(again.currentKeyId()).isEqualTo(id);
    assertThat(again.published().keyIds()).containsExactly(id);
    Lease lease =
        new Lease(
            new LicenceId(new UUID(5, 6)), APPLIANCE, 1, NOW, NOW, NOW.plus(Duration.ofDays(7)));
    assertThat(new GrantIssuer(again).sign(lease).keyId()).isEqualTo(id);

    for (char[] wrong : new char[][] {"another".toCharArray(), new char[0]}) {
      assertThatThrownBy(() -> FileKeyCustody.open(keys, wrong, random))
          .isInstanceOfSatisfying(
              SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRONG_KEY));
    }
    Path file = keys.resolve(id + ".p8");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> FileKeyCustody.open(keys, PASSPHRASE, random))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
  }

  @Test
  void unknownKeySignsNothing() throws Exception {
    FileKeyCustody custody = FileKeyCustody.open(keys(), PASSPHRASE, random);
    assertThatThrownBy(() -> custody.sign("nobody", new byte[1]))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> custody.promote("../current")).isInstanceOf(SendenseException.class);
  }
}
