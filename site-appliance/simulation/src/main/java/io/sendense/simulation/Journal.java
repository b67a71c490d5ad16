package io.sendense.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** The last steps of a run, for whoever has to find out why it failed, and a sum of all of them. */
final class Journal {
  private static final int NOTES_KEPT = Integer.getInteger("simulation.notes", 200);
  private static final int CALLS_KEPT = 40;

  private final ArrayDeque<String> notes = new ArrayDeque<>();
  private final ArrayDeque<String> calls = new ArrayDeque<>();
  private final CRC32C sum = new CRC32C();
  private long lines;

  /** Something of the run's own telling. */
  synchronized void note(String line) {
    keep(notes, NOTES_KEPT, line);
  }

  /** A step of a job. */
  synchronized void call(String line) {
    keep(calls, CALLS_KEPT, line);
  }

  private void keep(ArrayDeque<String> where, int max, String line) {
    lines++;
    sum.update(line.getBytes(StandardCharsets.UTF_8));
    where.addLast(line);
    if (where.size() > max) {
      where.removeFirst();
    }
  }

  synchronized List<String> last() {
    List<String> all = new ArrayList<>(notes);
    all.add("the last calls:");
    all.addAll(calls);
    return all;
  }

  /** The same for two runs that did the same. */
  synchronized String sum() {
    return Long.toHexString(sum.getValue()) + "-" + lines;
  }
}
