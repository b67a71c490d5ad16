package io.sendense.demo;

/**
 * One row of the story's table.
 *
 * @param chapter which part of the story, such as {@code restore}
 * @param what was done
 * @param millis how long it took
 * @param proof whether the row is a proof that had to hold, rather than something done on the way
 */
record Step(String chapter, String what, long millis, Shown shown, boolean proof, boolean held) {}
