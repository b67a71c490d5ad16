package io.sendense.recovery.inplace;

/** What happens where something of the same name is there. */
public enum Placing {
  /** Nothing: the restore is refused. */
  NEW,
  /** A file is replaced in one step; a folder is set aside under another name. */
  OVERWRITE,
  /** What is restored gets another name beside it. */
  KEEP_BOTH
}
