package io.sendense.lab.cloudstack;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What is to go wrong, once each, in the order given. A test asks at its end whether everything
 * planned was {@linkplain #unreached reached}. Thread-safe.
 */
public final class LabFaults {
  private final Deque<Fault> planned = new ArrayDeque<>();

  /** When a fault strikes. */
  enum Kind {
    /** Instead of the answer to the call. */
    REFUSED,
    /** At once in the job. */
    JOB,
    /** After the job did all of its work. */
    JOB_LATE,
    /** The connection ends without an answer. */
    DROPPED
  }

  /**
   * @param command which it waits for; "*" for any
   */
  record Fault(Kind kind, String command, int code, String text) {}

  /** The next call of the command is refused with an error code and text. */
  public synchronized void refuse(String command, int code, String text) {
    planned.add(new Fault(Kind.REFUSED, command, code, text));
  }

  /** The next job of the command fails before it does anything. */
  public synchronized void failJob(String command, int code, String text) {
    planned.add(new Fault(Kind.JOB, command, code, text));
  }

  /** The next job of the command fails after everything was done, and undoes nothing. */
  public synchronized void failJobLate(String command, int code, String text) {
    planned.add(new Fault(Kind.JOB_LATE, command, code, text));
  }

  /** The connection of the next call of the command ends without an answer. */
  public synchronized void drop(String command) {
    planned.add(new Fault(Kind.DROPPED, command, 0, "dropped"));
  }

  /** The next call is taken for one whose signature has expired. */
  public synchronized void expireSignature() {
    refuse("*", LabError.UNAUTHORIZED, Signatures.REFUSED);
  }

  synchronized Optional<Fault> take(Kind kind, String command) {
    for (Fault fault : planned) {
      if (fault.kind() == kind
          && (fault.command().equals("*") || fault.command().equalsIgnoreCase(command))) {
        planned.remove(fault);
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  void strike(Kind kind, String command) {
    take(kind, command)
        .ifPresent(
            fault -> {
              throw new LabError(fault.code(), fault.text());
            });
  }

  /** What was planned and did not happen. */
  public synchronized List<String> unreached() {
    List<String> left = new ArrayList<>();
    planned.forEach(fault -> left.add(fault.kind() + " " + fault.command()));
    return left;
  }
}
