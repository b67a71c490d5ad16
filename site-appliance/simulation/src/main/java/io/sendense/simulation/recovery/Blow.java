package io.sendense.simulation.recovery;

import java.util.ArrayList;
import java.util.List;

/**
 * Who is killed, in which phase of what.
 *
 * @param phase as the command announces it; empty where no command runs
 */
record Blow(Work work, String phase, Victim victim) {
  /** What goes on. */
  enum Work {
    BACKUP,
    START,
    RUN,
    FINISH,
    FINISH_ELSEWHERE,
    PROVE
  }

  /** Who is killed, always by SIGKILL. */
  enum Victim {
    /** The command. */
    APPLIANCE,
    /** The process that serves instant recoveries. */
    SERVER,
    LIBVIRT,
    QEMU
  }

  /** Every one of them. */
  static List<Blow> all() {
    List<Blow> all = new ArrayList<>();
    for (String phase : List.of("prepare", "capture", "read", "seal", "publish", "commit")) {
      for (Victim victim : List.of(Victim.APPLIANCE, Victim.LIBVIRT, Victim.QEMU)) {
        all.add(new Blow(Work.BACKUP, phase, victim));
      }
    }
    for (String phase : List.of("make", "start")) {
      for (Victim victim : List.of(Victim.APPLIANCE, Victim.SERVER, Victim.LIBVIRT)) {
        all.add(new Blow(Work.START, phase, victim));
      }
    }
    for (Victim victim : List.of(Victim.SERVER, Victim.LIBVIRT, Victim.QEMU)) {
      all.add(new Blow(Work.RUN, "", victim));
    }
    for (Work work : List.of(Work.FINISH, Work.FINISH_ELSEWHERE)) {
      for (String phase : List.of("move", "read-back")) {
        for (Victim victim : Victim.values()) {
          all.add(new Blow(work, phase, victim));
        }
      }
    }
    all.add(new Blow(Work.PROVE, "prove", Victim.APPLIANCE));
    all.add(new Blow(Work.PROVE, "prove", Victim.QEMU));
    return all;
  }

  @Override
  public String toString() {
    return work + (phase.isEmpty() ? "" : " " + phase) + " " + victim;
  }
}
