package io.sendense.appliance.daemon;

import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of the proofs of a machine by a schedule.
 *
 * @param state of the last one that was begun; empty before the first
 * @param at when the last one was begun; before the first, since when the machine waits for it
 * @param point id of that one's point, or "-"
 * @param passed when the last one that passed was begun
 * @param passedPoint id of its point, or "-"
 */
record ProofMark(
    State state, Instant at, String point, Optional<Instant> passed, String passedPoint) {
  static final String NO_POINT = "-";

  /** The names are kept in the database. */
  enum State {
    WAITING,
    OPEN,
    PROVED,
    NOT_PROVED,
    NOTHING
  }

  static ProofMark waiting(Instant since) {
    return new ProofMark(State.WAITING, since, NO_POINT, Optional.empty(), NO_POINT);
  }

  ProofMark begun(Instant now, String id) {
    return new ProofMark(State.OPEN, now, id, passed, passedPoint);
  }

  ProofMark ended(State how) {
    return how == State.PROVED
        ? new ProofMark(how, at, point, Optional.of(at), point)
        : new ProofMark(how, at, point, passed, passedPoint);
  }

  static ProofMark parse(String text) {
    String[] words = text.split(" ", -1);
    return new ProofMark(
        State.valueOf(words[0]),
        Instant.parse(words[1]),
        words[2],
        words[3].equals(NO_POINT) ? Optional.empty() : Optional.of(Instant.parse(words[3])),
        words[4]);
  }

  String text() {
    return String.join(
        " ",
        state.name(),
        at.toString(),
        point,
        passed.map(Instant::toString).orElse(NO_POINT),
        passedPoint);
  }
}
