package io.sendense.connectors.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.connectors.spi.Capture;
import io.sendense.connectors.testkit.RecordsInMemory;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.guest.RecordingGuest;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.RecordingMachine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real guests, with QEMU's own agent and with agents that misbehave. */
@Tag("server")
class FreezeTest {
  private static LibvirtServer server;
  private static RecordingGuest guest;

  private final RecordsInMemory records = new RecordsInMemory();

  @BeforeAll
  static void startLibvirt() {
    guest = RecordingGuest.build();
    server = LibvirtServer.start();
  }

  @AfterAll
  static void stopLibvirt() {
    if (server != null) {
      server.close();
    }
  }

  private RecordingMachine writing(String agent) {
    RecordingMachine machine =
        RecordingMachine.direct(server, "agent-" + agent, guest, agent.replaceAll("[0-9]", ""));
    machine.start();
    machine.awaitSaid("ACK 3 ");
    if (agent.startsWith("real")) {
      machine.awaitAgent();
    } else if (!agent.equals("none")) {
      machine.awaitSaid("AGENT ready");
    }
    return machine;
  }

  private LibvirtSourceOptions options(RecordingMachine machine, Freezing freezing) {
    return LibvirtSourceOptions.of(
            LibvirtUri.parse(server.uri()),
            server.virsh("domuuid", machine.name()).strip(),
            machine.scratch(),
            "freeze")
        .withScratchFloorBytes(1 << 20)
        .withFreezing(freezing);
  }

  private LibvirtSource source(RecordingMachine machine, Freezing freezing) {
    return new LibvirtSource(
        options(machine, freezing), records, TestDomain.CLOCK, new SplittableRandom(9));
  }

  /** It writes on, so nothing of it stands still. */
  private void assertWrites(RecordingMachine machine) {
    machine.awaitMoreRecords(3);
    assertThat(records.all()).isEmpty();
  }

  private static String note(Capture capture) {
    return String.join("\n", capture.notes());
  }

  @Test
  void aRealAgentLetsTheGuestStandStillForLessThanTwoSeconds() {
    RecordingMachine machine = writing("real");
    LibvirtSource source = source(machine, Freezing.REQUIRE);
    try (Capture capture = source.capture(Optional.empty())) {
      assertThat(capture.consistency()).isEqualTo(Capture.Consistency.FILE_SYSTEM);
      assertThat(capture.stoodStill().orElseThrow()).isPositive().isLessThan(Duration.ofSeconds(2));
      assertThat(capture.notes()).isEmpty();
      machine.awaitMoreRecords(3);
      capture.commit();
    }
    try (Capture capture = source(machine, Freezing.CRASH).capture(Optional.empty())) {
      assertThat(capture.consistency()).isEqualTo(Capture.Consistency.CRASH);
      assertThat(capture.notes()).isEmpty();
    }
    // A process that ended between freeze and thaw: its record is all that the next one has.
    server.virsh("domfsfreeze", machine.name());
    new LibvirtOwned(records, options(machine, Freezing.AUTO).sourceName()).addFrozen();
    source.reap();
    assertWrites(machine);
    machine.powerOff();
  }

  @Test
  void aGuestIsThawedInTimeWhereItsApplianceIsKilledOrStopsInBetween() {
    RecordingMachine machine = writing("real3");
    for (String signal : List.of("KILL", "STOP")) {
      try (ChildProcess appliance =
          ChildProcess.start(
              System.getProperty("java.home") + "/bin/java",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              FreezingProcess.class.getName(),
              server.uri(),
              server.virsh("domuuid", machine.name()).strip(),
              machine.scratch().toString())) {
        LongestSilence silence = LongestSilence.of(machine::said);
        appliance.awaitOutput("FROZEN", Duration.ofSeconds(60));
        ChildProcess.run(Duration.ofSeconds(5), "kill", "-" + signal, "" + appliance.pid())
            .orFail();
        machine.awaitMoreRecords(3);
        // It stood still for as long as it takes to freeze and to notice, and no longer.
        assertThat(silence.longest()).isLessThan(Duration.ofMillis(2500));
        if (signal.equals("STOP")) {
          assertThat(silence.longest()).isGreaterThan(Duration.ofMillis(1500));
        }
        appliance.kill();
      }
      // For a while it thaws whatever freezes, and then it is gone.
      ProcessHandle.allProcesses()
          .filter(one -> one.info().commandLine().orElse("").contains(guardOf(machine)))
          .forEach(one -> one.onExit().orTimeout(30, TimeUnit.SECONDS).join());
      machine.awaitMoreRecords(3);
    }
    machine.powerOff();
  }

  private static String guardOf(RecordingMachine machine) {
    return ThawGuardMain.class.getName()
        + " "
        + server.uri()
        + " "
        + server.virsh("domuuid", machine.name()).strip();
  }

  @Test
  void whereTheInstantFailsTheGuestIsThawed() {
    RecordingMachine machine = writing("real2");
    LibvirtOwned owned = new LibvirtOwned(records, options(machine, Freezing.AUTO).sourceName());
    try (Freezer freezer = new Freezer(options(machine, Freezing.AUTO), owned)) {
      assertThatThrownBy(
              () ->
                  freezer.during(
                      () -> {
                        throw new IllegalStateException("no instant");
                      }))
          .hasMessage("no instant");
      assertWrites(machine);
      Freezer.Outcome slow =
          freezer.during(
              () ->
                  Pause.until(
                      "records of a guest that was thawed meanwhile",
                      Duration.ofMinutes(1),
                      () -> {
                        machine.awaitMoreRecords(2);
                        return true;
                      }));
      assertThat(slow.why().orElseThrow()).contains("thawed before the instant");
      assertThat(slow.stoodStill().orElseThrow()).isLessThan(Duration.ofMillis(2500));
    }
    assertWrites(machine);
    machine.powerOff();
  }

  @Test
  void aGuestWithoutAnAgentIsCapturedAsAfterAPowerCut() {
    RecordingMachine machine = writing("none");
    try (Capture capture = source(machine, Freezing.AUTO).capture(Optional.empty())) {
      assertThat(capture.consistency()).isEqualTo(Capture.Consistency.CRASH);
      assertThat(note(capture)).contains("agent does not answer");
    }
    assertThatThrownBy(() -> source(machine, Freezing.REQUIRE).capture(Optional.empty()))
        .isInstanceOfSatisfying(
            SendenseException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.SOURCE_SNAPSHOT_FAILED))
        .hasMessageContaining("agent does not answer");
    assertThat(server.virsh("checkpoint-list", machine.name(), "--name").strip()).isEmpty();
    assertWrites(machine);
    machine.powerOff();
  }

  @Test
  void anAgentThatRefusesIsBelieved() {
    RecordingMachine machine = writing("refuse");
    try (Capture capture = source(machine, Freezing.AUTO).capture(Optional.empty())) {
      assertThat(capture.consistency()).isEqualTo(Capture.Consistency.CRASH);
      assertThat(note(capture)).contains("were not frozen").contains("freezing is not for me");
    }
    assertThat(machine.said()).contains("AGENT was asked to freeze");
    assertWrites(machine);
    machine.powerOff();
  }

  @Test
  void anAgentThatFreezesLateIsThawedAsSoonAsItListens() {
    RecordingMachine machine = writing("late");
    try (Capture capture = source(machine, Freezing.AUTO).capture(Optional.empty())) {
      assertThat(capture.consistency()).isEqualTo(Capture.Consistency.CRASH);
      assertThat(note(capture)).contains("were not frozen");
      machine.awaitSaid("AGENT thawed");
    }
    assertThat(machine.said()).contains("AGENT froze");
    assertWrites(machine);
    machine.powerOff();
  }

  @Test
  void anAgentThatHangsHoldsUpNothingAndIsAskedAgainNextTime() {
    RecordingMachine machine = writing("hang");
    Capture capture = source(machine, Freezing.AUTO).capture(Optional.empty());
    assertThat(capture.consistency()).isEqualTo(Capture.Consistency.CRASH);
    capture.commit();
    assertThatThrownBy(capture::close).hasMessageContaining("has not answered since");
    assertThat(records.all()).hasSize(1);
    try (Capture next = source(machine, Freezing.AUTO).capture(Optional.empty())) {
      assertThat(note(next)).contains("agent does not answer");
      next.commit();
    }
    machine.awaitMoreRecords(3);
    machine.powerOff();
    source(machine, Freezing.AUTO).reap();
    assertThat(records.all()).isEmpty();
  }
}
