package io.sendense.cloud.fleet.internal;

import static io.sendense.cloud.fleet.internal.EnrolmentTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.fleet.ApplianceIdentity;
import io.sendense.controllink.ControlLink;
import io.sendense.controllink.Identity;
import io.sendense.domain.ErrorCode;
import io.sendense.protocol.Command;
import io.sendense.protocol.CommandResult;
import io.sendense.protocol.DesiredState;
import io.sendense.protocol.Health;
import io.sendense.protocol.LeaseRequest;
import io.sendense.protocol.ReportedState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@Tag("server")
final class LinkCallsTest {
  private static final Duration HOLD = Duration.ofSeconds(20);

  @TempDir Path folder;
  private LinkFixture cloud;
  private Identity identity;

  @BeforeEach
  void start() throws Exception {
    cloud = new LinkFixture(folder);
    identity = cloud.enrolled(cloud.state("one"));
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  @Test
  void anUnchangedDesiredStateIsNotSentAgain() throws Exception {
    try (ControlLink link = open()) {
      long version = link.desiredState(-1, Duration.ZERO).orElseThrow().version();
      assertThat(link.desiredState(version, Duration.ofSeconds(1))).isEmpty();
    }
  }

  @Test
  void aHeldPollReturnsAsSoonAsSomethingChanges() throws Exception {
    try (ControlLink link = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long version = link.desiredState(-1, Duration.ZERO).orElseThrow().version();
      long before = System.nanoTime();
      Future<Optional<DesiredState>> poll =
          threads.submit((Callable<Optional<DesiredState>>) () -> link.desiredState(version, HOLD));
      Command command = command();
      cloud.store.command(appliance(), command);
      cloud.changes.changed(identity.appliance());
      assertThat(poll.get(15, TimeUnit.SECONDS).orElseThrow().commands()).containsExactly(command);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(HOLD);
    }
  }

  @Test
  void aCommandIsGoneOnceItsResultWasReported() throws Exception {
    try (ControlLink link = open()) {
      Command command = command();
      cloud.store.command(appliance(), command);
      link.report(
          report(
              1,
              new CommandResult(
                  command.id(), CommandResult.Outcome.SUCCEEDED, cloud.now(), "Done.")));
      assertThat(link.desiredState(-1, Duration.ZERO).orElseThrow().commands()).isEmpty();
    }
  }

  @Test
  void aReportSentTwiceIsStoredOnce() throws Exception {
    try (ControlLink link = open()) {
      ReportedState state = report(1);
      link.report(state);
      link.report(state);
      assertThat(cloud.store.reports(appliance())).containsExactly(state);
    }
  }

  @Test
  void aReportOfAnApplianceThatWasRolledBackRaisesAnAlert() throws Exception {
    try (ControlLink link = open()) {
      UUID epoch = UUID.randomUUID();
      link.report(report(epoch, 1, 0));
      link.report(report(epoch, 2, 0));
      refused(() -> link.report(report(epoch, 2, 5)), ErrorCode.CONFLICT, "rolled back or copied");
      assertThat(cloud.store.alerts()).containsExactly(ErrorCode.CONFLICT.id());
    }
  }

  @Test
  void aSecondHolderOfTheCertificateIsRefusedAndTheOriginalGoesOn() throws Exception {
    try (ControlLink original = open();
        ControlLink copy = cloud.link(identity, UUID.randomUUID())) {
      refused(
          () -> copy.renewLease(cloud.lease(1)),
          ErrorCode.LINK_CLONE_DETECTED,
          "another holder of the identity");
      refused(
          () -> copy.report(report(1)),
          ErrorCode.LINK_CLONE_DETECTED,
          "another holder of the identity");
      original.report(report(1));
      assertThat(original.renewLease(cloud.lease(1)).lease()).isEqualTo("lease-2");
      assertThat(cloud.store.alerts()).contains(ErrorCode.LINK_CLONE_DETECTED.id());
    }
  }

  @Test
  void aCopyOfAnOlderStateIsRefusedEvenWhileTheOriginalIsAway() throws Exception {
    try (ControlLink original = open()) {
      original.renewLease(cloud.lease(1));
    }
    cloud.ahead.set(Duration.ofMinutes(10));
    try (ControlLink copy = cloud.link(identity, UUID.randomUUID())) {
      refused(
          () -> copy.renewLease(cloud.lease(1)),
          ErrorCode.LINK_CLONE_DETECTED,
          "another holder of the identity");
    }
    try (ControlLink original = cloud.link(identity, UUID.randomUUID())) {
      assertThat(original.renewLease(cloud.lease(2)).lease()).isEqualTo("lease-3");
    }
  }

  @Test
  void aLeaseWhoseAnswerWasLostIsAskedForAgainWithTheSameNonce() throws Exception {
    try (ControlLink link = open()) {
      LeaseRequest request = cloud.lease(1);
      link.renewLease(request);
      assertThat(link.renewLease(request).lease()).isEqualTo("lease-3");
      refused(
          () -> link.renewLease(cloud.lease(1)), ErrorCode.LINK_CLONE_DETECTED, "another holder");
    }
  }

  @Test
  void anApplianceThatIsStartedAgainTakesItsSessionOverAtOnce() throws Exception {
    open().close();
    try (ControlLink again = cloud.link(identity, UUID.randomUUID())) {
      long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (true) {
        try {
          again.renewLease(cloud.lease(1));
          return;
        } catch (io.sendense.domain.SendenseException e) {
          assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(deadline);
        }
      }
    }
  }

  @Test
  void aSessionThatWasNotOpenedIsToldSo() throws Exception {
    try (ControlLink link = cloud.link(identity, UUID.randomUUID())) {
      refused(() -> link.report(report(1)), ErrorCode.CONFLICT, "is not open");
    }
  }

  private ControlLink open() throws InterruptedException {
    ControlLink link = cloud.link(identity, UUID.randomUUID());
    link.renewLease(cloud.lease(0));
    return link;
  }

  private ApplianceIdentity appliance() {
    return LinkFixture.identity(identity);
  }

  private Command command() {
    return new Command(
        UUID.randomUUID(),
        Command.SEND_USAGE,
        Optional.empty(),
        cloud.now(),
        cloud.now().plusSeconds(60));
  }

  private ReportedState report(long sequence, CommandResult... results) {
    return new ReportedState(
        UUID.randomUUID(),
        sequence,
        cloud.now(),
        "test",
        0,
        new Health(Health.Level.OK, "VALID", List.of(), 0),
        List.of(),
        List.of(),
        List.of(),
        List.of(results),
        List.of());
  }

  private ReportedState report(UUID epoch, long sequence, long desired) {
    return new ReportedState(
        epoch,
        sequence,
        cloud.now(),
        "test",
        desired,
        new Health(Health.Level.OK, "VALID", List.of(), 0),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
