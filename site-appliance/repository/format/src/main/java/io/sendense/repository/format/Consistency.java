package io.sendense.repository.format;

/** What the source guaranteed about a point's content: as after a power cut, frozen, or told. */
public enum Consistency {
  CRASH,
  FILE_SYSTEM,
  APPLICATION
}
