package io.sendense.appliance.daemon;

import io.sendense.engine.limits.Admission;
import io.sendense.repository.decorators.Throttle;

/**
 * How many jobs may run at once, and how fast they move bytes.
 *
 * @param jobs in the whole appliance, 1 to 200
 * @param perRepository on one repository, 1 to 200
 * @param bytesPerSecond read from all sources together, put into all stores together, and read from
 *     all stores together, each by itself
 */
record JobLimits(int jobs, int perRepository, long bytesPerSecond) {
  static final String APPLIANCE = "appliance";
  static final String REPOSITORY = "repository:";

  /** Held by what the appliance does to keep house: one thing at a time. */
  static final String HOUSE = "house";

  /** A job takes some tens of MiB and keeps a core busy; disks and links are kept busy by a few. */
  static final JobLimits DEFAULT = new JobLimits(4, 4, Throttle.UNLIMITED);

  static final int MOST = 200;
  private static final int WAITING_MAX = 10_000;

  Admission admission() {
    return new Admission(
        need ->
            switch (need) {
              case APPLIANCE -> jobs;
              case HOUSE -> 1;
              default -> perRepository;
            },
        WAITING_MAX);
  }
}
