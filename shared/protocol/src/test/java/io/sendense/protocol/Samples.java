package io.sendense.protocol;

import io.sendense.domain.ApplianceId;
import io.sendense.domain.Edition;
import io.sendense.domain.Platform;
import io.sendense.domain.PolicyId;
import io.sendense.domain.VmId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One full message of each kind; the golden files hold the same. */
final class Samples {
  private static final VmId VM = VmId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e41");
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final UUID COMMAND = UUID.fromString("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e42");
  private static final PolicyId POLICY = PolicyId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e43");

  private Samples() {}

  static DesiredState desiredState() {
    return new DesiredState(
        ApplianceId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e40"),
        7,
        List.of(
            new ProtectionPolicy(
                POLICY, "Every hour", Edition.BACKUP, List.of(VM), "main", 3600, 24, true),
            new ProtectionPolicy(
                PolicyId.parse("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e48"),
                "For years",
                Edition.ENTERPRISE,
                List.of(),
                "vault",
                86_400,
                0,
                true,
                Optional.of(new Retention(3, 24, 14, 8, 12, 7, "Europe/Zurich")),
                Optional.of(50),
                Optional.of(new Immutability(Immutability.Mode.COMPLIANCE, 30)))),
        List.of(
            new Command(COMMAND, Command.BACKUP_NOW, Optional.of(VM), NOON, NOON.plusSeconds(600))),
        Intervals.DEFAULT);
  }

  static ReportedState reportedState() {
    return new ReportedState(
        UUID.fromString("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e44"),
        3,
        NOON,
        "0.1.0",
        7,
        new Health(Health.Level.WARNING, "GRACE", List.of("The lease was not renewed."), 2),
        List.of(new Vm(VM, "shop", Platform.KVM, List.of(new VmDisk("data", 1_073_741_824)), true)),
        List.of(
            new Point(
                "0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e45",
                VM,
                "main",
                NOON,
                NOON.plusSeconds(2),
                List.of(new VmDisk("data", 1_073_741_824)),
                65_536,
                4_096,
                1_234,
                "compare",
                Optional.of("the dirty bitmap was gone"),
                true,
                Optional.of("c0ffee"))),
        List.of(
            new JobResult(
                UUID.fromString("0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e46"),
                "backup",
                VM,
                Optional.of(POLICY),
                JobResult.Outcome.FAILED,
                NOON,
                NOON.plusSeconds(3),
                Optional.empty(),
                Optional.of("SD-3000"),
                Optional.of("No space is left in repository main. Make room."))),
        List.of(
            new CommandResult(
                COMMAND, CommandResult.Outcome.SUCCEEDED, NOON.plusSeconds(3), "Backed up.")),
        List.of(
            new PointGone(
                "0198c2f0-5d3a-7c11-9b1e-0f0c6a7d2e47",
                VM,
                "main",
                NOON.plusSeconds(4),
                PointGone.Reason.RETENTION,
                Optional.of("policy \"Every hour\""))));
  }

  static LeaseRequest leaseRequest() {
    return new LeaseRequest(COMMAND, 4, NOON, List.of("cpu=ab12"), List.of("key-1", "key-2"));
  }

  static LeaseAnswer leaseAnswer() {
    return new LeaseAnswer(
        "{\"payload\":\"a\"}", "{\"payload\":\"b\"}", NOON, Optional.of("{\"payload\":\"c\"}"));
  }

  static UsageBatch usageBatch() {
    return new UsageBatch(new byte[] {1, 2, 3, (byte) 255});
  }

  static UsageAnswer usageAnswer() {
    return new UsageAnswer(UsageAnswer.Outcome.FORKED, "usage", 2, 14, 0);
  }

  static ProblemAnswer problem() {
    return new ProblemAnswer(
        403, "SD-7002", "Clone detected", "Another appliance holds this identity.", "Enrol again.");
  }
}
