package io.sendense.licensing.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LicenceVerifierTest {
  private static final Instant NOW = Grants.FROM.plus(Duration.ofDays(3));
  private static final TestIssuer ISSUER = TestIssuer.TRUSTED;

  private final LicenceVerifier verifier =
      new LicenceVerifier(ISSUER.trust(), Grants.CUSTOMER, Grants.APPLIANCE);

  @Test
  void genuineLicenceIsReadBackAsItWasWritten() {
    assertThat(check(ISSUER.sign(Grants.licence())))
        .isEqualTo(new Verdict.Valid<>(Grants.licence()));
  }

  @Test
  void genuineLeaseIsReadBackAsItWasWritten() {
    Lease lease = Grants.lease(7, Grants.FROM);
    assertThat(verifier.verifyLease(ISSUER.sign(lease), Grants.licence(), NOW))
        .isEqualTo(new Verdict.Valid<>(lease));
  }

  @Test
  void licenceOfTheCustomerHoldsOnEveryApplianceOfIt() {
    Licence licence = Grants.licence(Optional.empty(), HardwareBinding.NONE);
    LicenceVerifier other = new LicenceVerifier(ISSUER.trust(), Grants.CUSTOMER, Grants.OTHER);
    assertThat(check(ISSUER.sign(licence))).isInstanceOf(Verdict.Valid.class);
    assertThat(other.verifyLicence(ISSUER.sign(licence), HardwareFacts.NONE, NOW))
        .isInstanceOf(Verdict.Valid.class);
  }

  @Test
  void licenceOfAnotherApplianceOrCustomerIsRefused() {
    String bound = ISSUER.sign(Grants.licence());
    String wide = ISSUER.sign(Grants.licence(Optional.empty(), HardwareBinding.NONE));
    assertThat(
            new LicenceVerifier(ISSUER.trust(), Grants.CUSTOMER, Grants.OTHER)
                .verifyLicence(bound, Grants.HARDWARE, NOW))
        .satisfies(refusedFor(Refusal.WRONG_AUDIENCE));
    assertThat(
            new LicenceVerifier(ISSUER.trust(), Grants.STRANGER, Grants.APPLIANCE)
                .verifyLicence(wide, Grants.HARDWARE, NOW))
        .satisfies(refusedFor(Refusal.WRONG_AUDIENCE));
  }

  @Test
  void homeMadeLicenceIsRefused() {
    assertThat(check(TestIssuer.STRANGER.sign(Grants.licence())))
        .satisfies(refusedFor(Refusal.UNKNOWN_KEY));
  }

  @Test
  void licenceSignedByAStrangerUnderATrustedKeyIdIsForged() {
    String forged = TestIssuer.STRANGER.sign(GrantFormat.licence(Grants.licence(), ISSUER.keyId()));
    assertThat(check(forged)).satisfies(refusedFor(Refusal.FORGED));
    assertThatThrownBy(() -> check(forged).genuineOrThrow())
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LICENCE_INVALID))
        .hasMessageContaining("FORGED");
  }

  @Test
  void payloadOfAnotherLicenceUnderAGenuineSignatureIsForged() {
    UnsignedGrant more =
        GrantFormat.licence(Grants.licence(Optional.empty(), HardwareBinding.NONE), ISSUER.keyId());
    String signed = ISSUER.sign(Grants.licence());
    String changed =
        signed.replaceFirst("\"payload\":\"[^\"]*\"", "\"payload\":\"" + more.payload() + "\"");
    assertThat(changed).isNotEqualTo(signed);
    assertThat(check(changed)).satisfies(refusedFor(Refusal.FORGED));
  }

  @Test
  void noSingleChangedCharacterGoesUnnoticed() {
    String signed = ISSUER.sign(Grants.licence());
    for (int at = 0; at < signed.length(); at += 7) {
      char other = signed.charAt(at) == 'A' ? 'B' : 'A';
      String changed = signed.substring(0, at) + other + signed.substring(at + 1);
      assertThat(check(changed)).as("character %d", at).isInstanceOf(Verdict.Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "HS512", "RS512", "PS256", "PS384", "ES512"})
  void everyOtherAlgorithmIsRefused(String algorithm) {
    assertThat(check(changedHeader(Map.of("alg", algorithm))))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused ->
                assertThat(refused.reason()).isIn(Refusal.WRONG_ALGORITHM, Refusal.MALFORMED));
  }

  @Test
  void everyOtherVersionIsRefused() {
    for (Object version : List.of(0, 2, 1.5, "1")) {
      assertThat(check(changedHeader(Map.of("ver", version))))
          .satisfies(refusedFor(Refusal.UNKNOWN_VERSION));
    }
  }

  @Test
  void keyInsideTheHeaderIsRefused() {
    assertThat(check(changedHeader(Map.of("jku", "https://example.test/keys"))))
        .satisfies(refusedFor(Refusal.MALFORMED));
    assertThat(check(changedHeader(Map.of("crit", List.of("exp"), "exp", 1))))
        .satisfies(refusedFor(Refusal.MALFORMED));
    assertThat(check(changedHeader(Map.of("kid", "<absent>"))))
        .satisfies(refusedFor(Refusal.MALFORMED));
  }

  @Test
  void leaseIsNoLicenceAndLicenceIsNoLease() {
    assertThat(check(ISSUER.sign(Grants.lease(1, Grants.FROM))))
        .satisfies(refusedFor(Refusal.WRONG_TYPE));
    assertThat(verifier.verifyLease(ISSUER.sign(Grants.licence()), Grants.licence(), NOW))
        .satisfies(refusedFor(Refusal.WRONG_TYPE));
  }

  @Test
  void leaseOfAnotherLicenceIsRefused() {
    UnsignedGrant lease = GrantFormat.lease(Grants.lease(1, Grants.FROM), ISSUER.keyId());
    String other = ISSUER.signChanged(lease, Map.of(), Map.of("licence", Grants.MSP.toString()));
    assertThat(verifier.verifyLease(other, Grants.licence(), NOW))
        .satisfies(refusedFor(Refusal.OTHER_LICENCE));
  }

  @Test
  void payloadThatIsNotAsDocumentedIsRefused() {
    UnsignedGrant licence = GrantFormat.licence(Grants.licence(), ISSUER.keyId());
    List<Map<String, ?>> changes =
        List.of(
            Map.of("exp", "<absent>"),
            Map.of("exp", "tomorrow"),
            Map.of("exp", 1),
            Map.of("exp", Long.MAX_VALUE),
            Map.of("edition", "platinum"),
            Map.of("jti", "1-1-1-1-1"),
            Map.of("transfers", -1),
            Map.of("transfers", 1L << 40),
            Map.of("graceSeconds", -5),
            Map.of("hardware", Map.of("cpu", "short")),
            Map.of("surprise", true));
    for (Map<String, ?> change : changes) {
      assertThat(check(ISSUER.signChanged(licence, Map.of(), change)))
          .as("%s", change)
          .satisfies(refusedFor(Refusal.MALFORMED));
    }
  }

  @Test
  void featureOfALaterVersionGrantsNothingAndBreaksNothing() {
    UnsignedGrant licence = GrantFormat.licence(Grants.licence(), ISSUER.keyId());
    String later =
        ISSUER.signChanged(
            licence, Map.of(), Map.of("features", List.of("test-failover", "time-travel")));
    assertThat(check(later)).isEqualTo(new Verdict.Valid<>(Grants.licence()));
  }

  @Test
  void anythingElseThanTheThreeMembersIsRefused() {
    String signed = ISSUER.sign(Grants.licence());
    for (String text :
        List.of(
            "",
            "{}",
            "null",
            "[]",
            signed + "x",
            signed.replaceFirst("\"protected\":\"[^\"]*\"", "\"protected\":\"bnVsbA\""),
            signed.replaceFirst("\\{", "{\"header\":{},"),
            signed.replaceFirst("\"signature\":\"", "\"signature\":\"="),
            "x".repeat(70_000))) {
      assertThat(check(text)).satisfies(refusedFor(Refusal.MALFORMED));
    }
  }

  @Test
  void datesAreToldApartAndTheLicenceStaysKnown() {
    String signed = ISSUER.sign(Grants.licence());
    Verdict<Licence> early = check(signed, Grants.FROM.minusSeconds(1));
    Verdict<Licence> late = check(signed, Grants.TO);
    assertThat(early).isEqualTo(new Verdict.NotYetValid<>(Grants.licence(), Grants.FROM));
    assertThat(late).isEqualTo(new Verdict.Expired<>(Grants.licence(), Grants.TO));
    assertThat(late.genuine()).contains(Grants.licence());
  }

  @Test
  void oneNewComponentBreaksNothingAndTwoOfThreeDo() {
    String signed = ISSUER.sign(Grants.licence());
    HardwareFacts newBoard =
        new HardwareFacts(Map.of("board-serial", "B2", "machine-id", "M1", "cpu", "C1"));
    HardwareFacts otherMachine =
        new HardwareFacts(Map.of("board-serial", "B2", "machine-id", "M2", "cpu", "C1"));
    assertThat(verifier.verifyLicence(signed, newBoard, NOW)).isInstanceOf(Verdict.Valid.class);
    assertThat(verifier.verifyLicence(signed, otherMachine, NOW))
        .satisfies(refusedFor(Refusal.OTHER_HARDWARE));
  }

  @Test
  void valuesOfHardwareAreInNoText() {
    assertThat(Grants.HARDWARE.toString()).doesNotContain("B1").contains("board-serial");
  }

  private String changedHeader(Map<String, ?> change) {
    UnsignedGrant licence = GrantFormat.licence(Grants.licence(), ISSUER.keyId());
    return ISSUER.signChanged(licence, change, Map.of());
  }

  private Verdict<Licence> check(String text) {
    return check(text, NOW);
  }

  private Verdict<Licence> check(String text, Instant now) {
    return verifier.verifyLicence(text, Grants.HARDWARE, now);
  }

  private static <T> java.util.function.Consumer<Verdict<T>> refusedFor(Refusal reason) {
    return verdict ->
        assertThat(verdict)
            .isInstanceOfSatisfying(
                Verdict.Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
  }
}
