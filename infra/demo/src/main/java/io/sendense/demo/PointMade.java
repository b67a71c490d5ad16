package io.sendense.demo;

import io.sendense.demo.guest.Ack;
import java.util.List;

/**
 * A restore point of the guest, with what it must hold.
 *
 * @param bytesRead from the guest's disks, samples of what is said to be unchanged included
 * @param bytesChanged in chunks that differ from the point before
 * @param acknowledged what the guest had acknowledged when the command for it was given
 */
record PointMade(
    String id,
    String mode,
    long bytesRead,
    long bytesChanged,
    long bytesStored,
    List<Ack> acknowledged) {
  PointMade {
    acknowledged = List.copyOf(acknowledged);
  }
}
