package io.sendense.appliance.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.appliance.cli.TokenDesk;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository's key in a real PKCS#11 token: SoftHSM2, with OpenSC's pkcs11-tool. */
class Pkcs11Test {
  @TempDir Path folder;

  @Test
  @Tag("server")
  void aKeyInTheTokenOpensTheRepositoryAndNoOtherTokenKeyOrPinDoes() {
    TokenDesk desk = new TokenDesk(folder);
    desk.makeKey("backup");
    desk.makeKey("other");

    assertThat(desk.run("backup", TokenDesk.PIN, "repository", "init", desk.repository()).code())
        .isZero();
    assertThat(
            desk.run("backup", TokenDesk.PIN, "points", "--repository", desk.repository()).code())
        .isZero();
    TokenDesk.Answer other =
        desk.run("other", TokenDesk.PIN, "points", "--repository", desk.repository());
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("SD-1006");
    TokenDesk.Answer pin = desk.run("backup", "9999", "points", "--repository", desk.repository());
    assertThat(pin.code()).isEqualTo(2);
    assertThat(pin.err()).contains("does not accept the PIN").doesNotContain("9999");
    assertThat(desk.run("nobody", TokenDesk.PIN, "points", "--repository", desk.repository()).err())
        .contains("no key with the label");
  }

  @Test
  void aUriIsTakenApartAndFaultsAreNamed() {
    Pkcs11Uri uri =
        Pkcs11Uri.parse(
            "pkcs11:object=backup%20key;slot-id=7?module-path=/usr/lib/a+b.so&pin-source=file:/p");

    assertThat(uri)
        .isEqualTo(
            new Pkcs11Uri(
                "backup key",
                OptionalLong.of(7),
                Path.of("/usr/lib/a+b.so"),
                Optional.of(Path.of("/p"))));
    refused("object=x", "does not begin with pkcs11:");
    refused("pkcs11:slot-id=1?module-path=/m", "object=LABEL is missing");
    refused("pkcs11:object=x", "module-path=LIBRARY is missing");
    refused("pkcs11:object=x;slot-id=y?module-path=/m", "not a number");
    refused("pkcs11:object=x;object=y?module-path=/m", "twice");
    refused("pkcs11:object=x;token=t?module-path=/m", "\"token\" is not supported");
    refused("pkcs11:object=x?module-path=/m&pin-value=1234", "can be seen by others");
    refused("pkcs11:object=%zz?module-path=/m", "wrong percent sign");
  }

  private static void refused(String uri, String words) {
    assertThatThrownBy(() -> Pkcs11Uri.parse(uri))
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_ARGUMENT))
        .hasMessageContaining(words);
  }
}
