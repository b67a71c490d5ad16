package io.sendense.connectors.libvirt;

import io.sendense.connectors.testkit.SourceContract;
import io.sendense.connectors.testkit.SourceUnderTest;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("server")
class LibvirtContractTest extends SourceContract {
  private static LibvirtServer server;
  private static int machines;

  @BeforeAll
  static void startLibvirt() {
    server = LibvirtServer.start();
  }

  @AfterAll
  static void stopLibvirt() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected SourceUnderTest machine() {
    machines++;
    return new TestDomain(server, "m" + machines, List.of("qcow2", "qcow2"));
  }
}
