package io.sendense.engine;

import io.sendense.repository.format.RestorePoint;
import java.util.Optional;

/**
 * The machine's newest point, if it has one, and whether it can be built upon.
 *
 * @param unusable why it cannot; then nothing of it is read, and the new point is a full one
 */
record Predecessor(Optional<RestorePoint> point, Optional<String> unusable) {
  /** The point that content is inherited from. */
  Optional<RestorePoint> inherited() {
    return unusable.isPresent() ? Optional.empty() : point;
  }

  /** Why the new point is a full one, where it is. */
  String reasonForFull() {
    return unusable.orElse("first point of this machine");
  }
}
