package io.sendense.licensing.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.Edition;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EditionMatrixTest {
  @Test
  void encryptionRightsAndAuditAreInEveryEdition() {
    for (Edition edition : Edition.values()) {
      assertThat(EditionMatrix.v1().of(edition).features())
          .contains(Feature.ENCRYPTION, Feature.ROLE_BASED_ACCESS, Feature.AUDIT);
    }
  }

  @Test
  void freeEditionsAreBounded() {
    assertThat(EditionMatrix.v1().of(Edition.COMMUNITY).vms()).hasValue(5);
    assertThat(EditionMatrix.v1().of(Edition.TRIAL).vms()).hasValue(5);
    assertThat(EditionMatrix.v1().of(Edition.TRIAL).days()).hasValue(30);
  }

  @Test
  void everyFeatureIsSoldSomewhere() {
    assertThat(EditionMatrix.v1().of(Edition.REPLICATION).features())
        .isEqualTo(Set.of(Feature.values()));
  }

  @Test
  void everythingThatIsWrongIsListedAtOnce() {
    String json =
        "{\"version\":2,\"editions\":{\"community\":{\"features\":[\"audit\"]},"
            + "\"trial\":{\"features\":[]},\"backup\":{\"features\":[\"warp\"]},"
            + "\"gold\":{\"features\":[]}}}";
    assertThatThrownBy(() -> EditionMatrix.parse(json))
        .hasMessageContaining("version")
        .hasMessageContaining("unknown feature warp")
        .hasMessageContaining("ENTERPRISE")
        .hasMessageContaining("TRIAL does not include COMMUNITY")
        .hasMessageContaining("gold");
  }
}
