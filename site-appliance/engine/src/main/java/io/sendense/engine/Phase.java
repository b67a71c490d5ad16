package io.sendense.engine;

import java.util.Locale;

/**
 * Steps of a job, in the order it takes them. Each is durable in the state store before the step's
 * first effect; the names are shown to people and kept, so they do not change.
 */
public enum Phase {
  /** Lock, licence, repository and owner records; nothing made on the source yet. */
  PREPARE,
  /** The source makes its point in time. */
  CAPTURE,
  /** Chunks are read, compared and stored. */
  READ,
  /** Samples of what the source says is unchanged are compared with what is stored. */
  SAMPLE,
  /** Trees and packs are completed, made durable and read again from the store. */
  SEAL,
  /** The point becomes visible. */
  PUBLISH,
  /** The source takes the point as the new baseline. */
  COMMIT,
  /** A restore writes its target. */
  WRITE,
  /** What a restore wrote is read back from the target and compared with the tree. */
  READ_BACK,
  /** The restored disk gets its final name. */
  FINISH,
  /** The objects of a store are read and checked. */
  CHECK,

  /** What another repository lacks of a point is moved there, proved and published. */
  COPY,

  /** What is damaged is stored again. */
  HEAL,

  /** Data of old points is moved between the tiers of the store. */
  TIER,

  /** The store is asked for archived data, and its coming back is waited for. */
  REHYDRATE,

  /** What no point needs is removed from the store. */
  COLLECT,

  /** The point is served and a machine is made over it. */
  MAKE,

  /** The machine is started. */
  START,

  /** What a running machine still reads from the point is moved to its own disks. */
  MOVE,

  /** The point is booted in isolation and looked at. */
  PROVE;

  /** As shown and stored, such as {@code read-back}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
