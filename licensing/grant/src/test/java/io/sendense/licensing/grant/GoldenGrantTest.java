package io.sendense.licensing.grant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Files of version 1, signed once by a key that was thrown away: whatever this program becomes, it
 * reads them. {@link #main} made them.
 */
class GoldenGrantTest {
  private static final Instant NOW = Grants.FROM.plus(Duration.ofDays(3));

  private final LicenceVerifier verifier =
      new LicenceVerifier(
          TrustSet.parse(golden("trust-v1.json")), Grants.CUSTOMER, Grants.APPLIANCE);

  @Test
  void licenceOfVersion1IsRead() {
    assertThat(verifier.verifyLicence(golden("licence-v1.json"), Grants.HARDWARE, NOW))
        .isEqualTo(new Verdict.Valid<>(Grants.licence()));
  }

  @Test
  void leaseOfVersion1IsRead() {
    assertThat(verifier.verifyLease(golden("lease-v1.json"), Grants.licence(), NOW))
        .isEqualTo(new Verdict.Valid<>(Grants.lease(1, Grants.FROM)));
  }

  private static String golden(String name) {
    try (InputStream in = GoldenGrantTest.class.getResourceAsStream("/golden/" + name)) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes new golden files into the folder given; only ever for a new version. */
  public static void main(String[] arguments) throws IOException {
    TestIssuer issuer = new TestIssuer();
    Path folder = Path.of(arguments[0]);
    Files.writeString(folder.resolve("trust-v1.json"), issuer.trust().toJwkSet() + "\n");
    Files.writeString(folder.resolve("licence-v1.json"), issuer.sign(Grants.licence()) + "\n");
    Files.writeString(
        folder.resolve("lease-v1.json"), issuer.sign(Grants.lease(1, Grants.FROM)) + "\n");
  }
}
