package io.sendense.demo;

import io.sendense.demo.guest.Ack;
import java.util.List;

/**
 * A restore point of the guest, with what it must hold.
 *
 * @param acknowledged what the guest had acknowledged when the command for it was given
 * @param bytesReported as changed by the source's tracker
 * @param bytesSampled read although the tracker says that they are unchanged, and compared
 * @param bytesChanged on the guest's disks since the point before, as the appliance compared them
 */
record PointMade(
    String id,
    String mode,
    long bytesRead,
    long bytesReported,
    long bytesSampled,
    long bytesChanged,
    long bytesStored,
    List<Ack> acknowledged) {
  PointMade {
    acknowledged = List.copyOf(acknowledged);
  }
}
