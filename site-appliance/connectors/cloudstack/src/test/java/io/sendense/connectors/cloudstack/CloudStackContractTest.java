package io.sendense.connectors.cloudstack;

import io.sendense.connectors.testkit.SourceContract;
import io.sendense.connectors.testkit.SourceUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** What every source promises, on the lab over a real libvirt and QEMU. */
@Tag("server")
class CloudStackContractTest extends SourceContract {
  private static LabSite site;
  private static int machines;

  @BeforeAll
  static void start() {
    site = new LabSite("4.19.1.0", 1);
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Override
  protected SourceUnderTest machine() {
    machines++;
    return new CloudMachine(site, "m" + machines, "kvm1");
  }
}
