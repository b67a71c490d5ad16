package io.sendense.cloud.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.SystemPurpose;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventScopeTest {
  private static final MspId MSP = new MspId(new UUID(1, 1));
  private static final MspId OTHER_MSP = new MspId(new UUID(1, 2));
  private static final CustomerId CUSTOMER = new CustomerId(new UUID(2, 1));
  private static final CustomerId OTHER = new CustomerId(new UUID(2, 2));
  private static final Change CHANGE =
      Change.of("site", MSP, CUSTOMER, new UUID(3, 1), Instant.EPOCH);

  @Test
  void aChangeIsSeenByItsMspAndItsCustomer() {
    assertThat(EventsController.sees(new Scope.WholeMsp(MSP), CHANGE)).isTrue();
    assertThat(EventsController.sees(Scope.customer(MSP, CUSTOMER), CHANGE)).isTrue();
    assertThat(EventsController.sees(new Scope.Customers(MSP, Set.of(OTHER, CUSTOMER)), CHANGE))
        .isTrue();
  }

  @Test
  void nobodyElseSeesIt() {
    assertThat(EventsController.sees(new Scope.WholeMsp(OTHER_MSP), CHANGE)).isFalse();
    assertThat(EventsController.sees(Scope.customer(MSP, OTHER), CHANGE)).isFalse();
    assertThat(EventsController.sees(Scope.customer(OTHER_MSP, CUSTOMER), CHANGE)).isFalse();
    assertThat(EventsController.sees(new Scope.Platform(), CHANGE)).isFalse();
    for (SystemPurpose purpose : SystemPurpose.values()) {
      assertThat(EventsController.sees(new Scope.ForSystem(purpose), CHANGE)).isFalse();
    }
  }
}
