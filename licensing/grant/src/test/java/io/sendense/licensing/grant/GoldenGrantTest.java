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

  /** Signed by another key that was thrown away: the one of the other files signs nothing more. */
  @Test
  void trustUpdateOfVersion1IsRead() {
    TrustSet signer = TrustSet.parse(golden("trust-update-signer-v1.json"));
    assertThat(
            new LicenceVerifier(signer, Grants.CUSTOMER, Grants.APPLIANCE)
                .verifyTrust(golden("trust-update-v1.json"))
                .genuine()
                .orElseThrow()
                .keys()
                .keyIds())
        .isEqualTo(TrustSet.parse(golden("trust-v1.json")).keyIds());
    assertThat(verifier.verifyTrust(golden("trust-update-v1.json")))
        .isInstanceOf(Verdict.Refused.class);
    assertThat(verifier.verifyTrust(golden("lease-v1.json"))).isInstanceOf(Verdict.Refused.class);
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
    writeTrustUpdate(folder, issuer.trust());
  }

  private static void writeTrustUpdate(Path folder, TrustSet told) throws IOException {
    TestIssuer issuer = new TestIssuer();
    Files.writeString(
        folder.resolve("trust-update-signer-v1.json"), issuer.trust().toJwkSet() + "\n");
    Files.writeString(
        folder.resolve("trust-update-v1.json"),
        issuer.sign(GrantFormat.trust(new TrustUpdate(Grants.FROM, told), issuer.keyId())) + "\n");
  }
}
