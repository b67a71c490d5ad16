package io.sendense.cloud.fleet.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.controllink.ControlLink;
import io.sendense.controllink.Enrolment;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ConnectProxy;
import io.sendense.testkit.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
final class LinkThroughProxyTest {
  @TempDir Path folder;
  private LinkFixture cloud;
  private ConnectProxy proxy;

  @BeforeEach
  void start() {
    cloud = new LinkFixture(folder);
    proxy = ConnectProxy.start();
  }

  @AfterEach
  void stop() {
    proxy.close();
    cloud.close();
  }

  @Test
  void enrolmentRenewalAndTheLinkAllGoThroughTheProxy() throws Exception {
    Path state = cloud.state("one");
    Identity identity = enrol(state, cloud.token(Duration.ofHours(1), false));
    assertThat(proxy.opened()).isEqualTo(1);
    Identity renewed = enrolment(state, proxy.address()).renew(identity);
    assertThat(proxy.opened()).isEqualTo(2);
    try (ControlLink link = link(renewed)) {
      assertThat(link.renewLease(cloud.lease(0)).lease()).isEqualTo("lease-1");
      assertThat(link.desiredState(-1, Duration.ZERO)).isPresent();
    }
    assertThat(proxy.opened()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void aProxyThatRefusesIsNamedWithWhatItSaid() throws Exception {
    String token = cloud.token(Duration.ofHours(1), false);
    Path state = cloud.state("one");
    for (int status : new int[] {403, 407, 502}) {
      proxy.refuseWith(status);
      EnrolmentTest.refused(
          () -> enrol(state, token), ErrorCode.LINK_UNAVAILABLE, Integer.toString(status));
      EnrolmentTest.refused(
          () -> enrol(state, token),
          ErrorCode.LINK_UNAVAILABLE,
          "through the proxy localhost:" + proxy.address().getPort());
    }
    assertThat(proxy.opened()).isZero();
    proxy.refuseWith(0);
    enrol(state, token);
    assertThat(cloud.store.count()).isEqualTo(1);
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    Path state = cloud.state("one");
    int nobody = Ports.claim(0, "nobody");
    EnrolmentTest.refused(
        () ->
            enrolment(state, new InetSocketAddress(InetAddress.getLoopbackAddress(), nobody))
                .enrol(
                    cloud.url(),
                    IdentityStore.readCa(cloud.caFile()),
                    "one",
                    cloud.token(Duration.ofHours(1), false)),
        ErrorCode.LINK_UNAVAILABLE,
        "through the proxy localhost:" + nobody);
  }

  @Test
  void anEnrolmentThatTheProxyCutsAnywhereIsCompletedByTheSameTokenAndCountsOnce()
      throws Exception {
    String token = cloud.token(Duration.ofHours(1), false);
    Path state = cloud.state("one");
    int cuts = 0;
    for (long passed = 0; !Files.exists(state.resolve("identity.pem")); passed += 400) {
      assertThat(passed).as("bytes of an enrolment").isLessThan(20_000);
      proxy.cutAfter(passed);
      try {
        enrol(state, token);
      } catch (SendenseException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.LINK_UNAVAILABLE);
        cuts++;
      }
    }
    assertThat(cuts).isGreaterThan(3);
    assertThat(cloud.store.count()).isEqualTo(1);
    proxy.cutAfter(Long.MAX_VALUE);
    try (ControlLink link = link(new IdentityStore(state).identity().orElseThrow())) {
      assertThat(link.renewLease(cloud.lease(0)).lease()).isEqualTo("lease-1");
    }
  }

  @Test
  void aLinkThatIsCutGoesOnWithTheNextCall() throws Exception {
    Identity identity = enrol(cloud.state("one"), cloud.token(Duration.ofHours(1), false));
    try (ControlLink link = link(identity)) {
      link.renewLease(cloud.lease(0));
      long version = link.desiredState(-1, Duration.ZERO).orElseThrow().version();
      proxy.cut();
      assertThat(link.desiredState(version, Duration.ZERO)).isEmpty();
    }
  }

  private Identity enrol(Path state, String token) throws InterruptedException {
    return enrolment(state, proxy.address())
        .enrol(cloud.url(), IdentityStore.readCa(cloud.caFile()), "one", token);
  }

  private Enrolment enrolment(Path state, InetSocketAddress through) {
    return new Enrolment(new IdentityStore(state), cloud.random, cloud.clock, Optional.of(through));
  }

  private ControlLink link(Identity identity) {
    return new ControlLink(
        cloud.url(),
        IdentityStore.readCa(cloud.caFile()),
        identity,
        Optional.of(proxy.address()),
        UUID.randomUUID());
  }
}
