package io.sendense.repository.chain;

/** Told of each change on disk right after it was made; tests look at the folder there. */
@FunctionalInterface
interface Steps {
  Steps NONE = step -> {};

  void reached(String step);
}
