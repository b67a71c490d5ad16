package io.sendense.engine;

/** How much of a disk a backup had to look at. */
public enum BackupMode {
  /** No earlier point: all data was read. */
  FULL,
  /** Only what the tracker reported was read, and samples of the rest. */
  INCREMENTAL,
  /** No tracker to go by: all data was read and compared with stored hashes. */
  COMPARE;

  /** As shown and stored. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
