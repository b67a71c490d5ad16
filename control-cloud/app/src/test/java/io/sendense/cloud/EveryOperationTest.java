package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every operation of openapi.yaml answers 2xx to its owner, with a body that the contract accepts,
 * and refuses every stranger the very same request, with nothing changed.
 */
@Tag("server")
class EveryOperationTest {
  /** In this order: what a later one does may end what an earlier one needs. */
  private static final List<Tour> TOURS =
      List.of(
          new TenancyTour(),
          new ProtectionTour(),
          new MoneyTour(),
          new ReportsTour(),
          new LicensingTour(),
          new KeysTour(),
          new WatchTour(),
          new OnboardingTour(),
          new FleetTour());

  private final CloudUnderTest cloud = CloudUnderTest.get();
  private final Contract answered = new Contract();

  @Test
  void everyOperationOfTheContractSucceedsForItsOwnerAlone() throws Exception {
    try (LivingTenant living = LivingTenant.in(cloud, "every")) {
      Walk walk = new Walk(cloud, answered, living.tenant());
      for (Tour tour : TOURS) {
        tour.take(walk, living);
      }
      assertThat(walk.strangers().untried()).as("operations on objects never tried").isEmpty();
      System.out.println(
          "strangers: "
              + walk.strangers().tried().values().stream().mapToInt(Integer::intValue).sum()
              + " requests refused, "
              + walk.strangers().tried().size()
              + " operations");
    }
    assertThat(answered.withoutSuccess()).isEmpty();
  }
}
