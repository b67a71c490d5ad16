package io.sendense.protocol;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What an appliance says of itself. The inventory is whole (a VM that is missing is gone); points
 * and results are what has not been acknowledged yet. Points that are gone count after those that
 * are there.
 *
 * <p>A report is known by epoch and sequence. The same report sent again is accepted without
 * effect; the same sequence with other content means that the appliance was rolled back or copied.
 *
 * @param epoch of the appliance's state, new after enrolment
 * @param sequence rises by one per report within the epoch
 * @param clock the appliance's clock when it made the report
 * @param desiredVersion version of the desired state that is in force on the appliance
 */
public record ReportedState(
    UUID epoch,
    long sequence,
    Instant clock,
    String softwareVersion,
    long desiredVersion,
    Health health,
    List<Vm> vms,
    List<Point> points,
    List<JobResult> jobs,
    List<CommandResult> commands,
    List<PointGone> gone)
    implements Message {
  public ReportedState {
    Bounds.required(epoch, "epoch");
    Bounds.notNegative(sequence, "sequence");
    Bounds.required(clock, "clock");
    Bounds.text(softwareVersion, Bounds.IDENTIFIER, "softwareVersion");
    Bounds.notNegative(desiredVersion, "desiredVersion");
    Bounds.required(health, "health");
    vms = Bounds.list(vms, Bounds.VMS, "vms");
    points = Bounds.list(points, Bounds.POINTS, "points");
    jobs = Bounds.list(jobs, Bounds.JOBS, "jobs");
    commands = Bounds.list(commands, Bounds.COMMANDS, "commands");
    gone = Bounds.list(gone, Bounds.GONE, "gone");
  }
}
