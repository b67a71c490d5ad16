package io.sendense.demo;

/**
 * What a step of the story has to say for itself.
 *
 * @param detail a short phrase for the table
 * @param bytes moved by the step; negative where the step moves none
 */
record Shown(String detail, long bytes) {
  static Shown of(String detail) {
    return new Shown(detail, -1);
  }

  static Shown of(String detail, long bytes) {
    return new Shown(detail, bytes);
  }
}
