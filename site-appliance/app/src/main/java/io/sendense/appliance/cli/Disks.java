package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.format.RestorePoint;

/** Disks of a point by what people call them. */
final class Disks {
  private Disks() {}

  /**
   * Position of the disk with this number or name.
   *
   * @throws SendenseException NOT_FOUND
   */
  static int index(RestorePoint point, String given) {
    if (given.matches("[0-9]{1,3}") && Integer.parseInt(given) < point.disks().size()) {
      return Integer.parseInt(given);
    }
    return point
        .diskNamed(given)
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND,
                    "point " + point.id() + " has no disk " + given,
                    "It has "
                        + point.disks().size()
                        + ": "
                        + String.join(", ", point.disks().stream().map(d -> d.name()).toList())));
  }

  /** A name from a point as a file name: nothing in it can lead out of the folder. */
  static String fileName(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^[.]+", "_");
  }
}
