package io.sendense.cloud.web;

/** An answer with something in it that is shown once and therefore never stored. */
public interface HidesSecrets {
  /** The same answer without its secrets, as a replay gives it. */
  Object withoutSecrets();
}
