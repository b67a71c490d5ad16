package io.sendense.appliance.daemon;

import io.sendense.engine.limits.Admission;

/**
 * How many jobs may run at once.
 *
 * @param jobs in the whole appliance, 1 to 200
 * @param perRepository on one repository, 1 to 200
 */
record JobLimits(int jobs, int perRepository) {
  static final String APPLIANCE = "appliance";
  static final String REPOSITORY = "repository:";

  /** A job takes some tens of MiB and keeps a core busy; disks and links are kept busy by a few. */
  static final JobLimits DEFAULT = new JobLimits(4, 4);

  static final int MOST = 200;
  private static final int WAITING_MAX = 10_000;

  Admission admission() {
    return new Admission(need -> need.equals(APPLIANCE) ? jobs : perRepository, WAITING_MAX);
  }
}
