package io.sendense.repository.decorators;

import io.sendense.domain.ErrorCode;
import java.util.Optional;

/** Hears of every call to a store. Called by any thread. */
@FunctionalInterface
public interface StoreMeter {
  /** What was done. */
  enum Operation {
    PUT,
    READ,
    STAT,
    LIST,
    DELETE,
    CHECKSUM,
    LOCK,
    TIER
  }

  /**
   * @param failure how it failed; empty where it succeeded
   * @param bytes moved, if it succeeded; 0 where it moves none
   * @param nanos how long it took
   */
  void record(Operation operation, Optional<ErrorCode> failure, long bytes, long nanos);
}
