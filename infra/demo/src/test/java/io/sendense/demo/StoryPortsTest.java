package io.sendense.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class StoryPortsTest {
  @Test
  void aPortThatWasAskedForAndIsTakenIsNamedWithWhatToDo() throws IOException {
    try (ServerSocket other = somebodyElse()) {
      int taken = other.getLocalPort();
      assertThatThrownBy(() -> StoryPorts.claim(taken, 0))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.PORT_TAKEN);
                assertThat(e)
                    .hasMessage(
                        "port "
                            + taken
                            + " on 127.0.0.1, wanted for the portal by --port, is taken");
                assertThat(e.remedy()).contains("ss -ltnp");
              });
      assertThatThrownBy(() -> StoryPorts.claim(0, taken))
          .hasMessageContaining("the appliance link by --link-port");
    }
  }

  @Test
  void aUsualPortThatIsTakenIsReplacedAndSaid() throws IOException {
    try (ServerSocket other = somebodyElse()) {
      int taken = other.getLocalPort();
      StoryPorts ports = StoryPorts.claim(0, 0, taken, Ports.claim(0, "a test"));
      assertThat(ports.portal()).isNotEqualTo(taken).isPositive();
      assertThat(ports.notes())
          .singleElement()
          .asString()
          .contains("port " + taken, "the portal", "it gets " + ports.portal(), "--port");
    }
  }

  @Test
  void freePortsAreTakenAsAskedWithoutAWord() {
    int portal = Ports.claim(0, "a test");
    int link = Ports.claim(0, "a test");
    assertThat(StoryPorts.claim(portal, link).notes()).isEmpty();
    assertThat(StoryPorts.claim(portal, link).portal()).isEqualTo(portal);
    assertThat(StoryPorts.claim(portal, link).link()).isEqualTo(link);
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> UpOptions.parse(new String[] {"--port", "70000"}))
        .hasMessageContaining("--port needs a port from 1 to 65535");
    assertThatThrownBy(
            () -> UpOptions.parse(new String[] {"--port", "9000", "--link-port", "9000"}))
        .hasMessageContaining("are the same");
    assertThatThrownBy(() -> UpOptions.parse(new String[] {"--link-port"}))
        .hasMessageContaining("needs a value");
  }

  private static ServerSocket somebodyElse() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
