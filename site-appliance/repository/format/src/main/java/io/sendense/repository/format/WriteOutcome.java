package io.sendense.repository.format;

/** What became of a chunk handed to a writer. */
public enum WriteOutcome {
  /** Only zeros: noted, not stored. */
  ZERO,
  /** Equal to the parent's chunk at this place. */
  UNCHANGED,
  /** Already stored for another place, disk or virtual machine. */
  DEDUPLICATED,
  /** Compressed, sealed and handed to the store. */
  STORED
}
