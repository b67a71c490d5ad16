package io.sendense.repository.format;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys by epoch, docs/formats/repository.md 3.3: the newest seals, all of them open. Immutable;
 * arrays handed out are not to be changed.
 */
final class KeyRing {
  /** An epoch is one byte in a pack's sequence. */
  static final int EPOCHS_MAX = 256;

  private final int first;
  private final List<byte[]> keys;

  private KeyRing(int first, List<byte[]> keys) {
    this.first = first;
    this.keys = List.copyOf(keys);
  }

  /** A repository's keys from epoch 0 on. */
  static KeyRing of(List<byte[]> keys) {
    return new KeyRing(0, keys);
  }

  /** One key that seals and opens one object, whose header says {@code epoch}. */
  static KeyRing wrapping(int epoch, byte[] key) {
    return new KeyRing(epoch, List.of(key));
  }

  /** The same keys and a newer one. */
  KeyRing next(byte[] key) {
    if (keys.size() >= EPOCHS_MAX) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          "the repository's key was rotated " + (EPOCHS_MAX - 1) + " times, which is the limit",
          "Make a new repository and copy the restore points into it.");
    }
    List<byte[]> more = new ArrayList<>(keys);
    more.add(key.clone());
    return new KeyRing(first, more);
  }

  /** The newest epoch. */
  int epoch() {
    return first + keys.size() - 1;
  }

  byte[] current() {
    return keys.getLast();
  }

  List<byte[]> all() {
    return keys;
  }

  /**
   * @param object what was sealed under that epoch's key, for the failure's text
   * @throws SendenseException WRONG_KEY where the ring ends before that epoch
   */
  byte[] of(int epoch, String object) {
    if (epoch < first || epoch > epoch()) {
      throw new SendenseException(
          ErrorCode.WRONG_KEY,
          "object "
              + object
              + " was sealed under key epoch "
              + epoch
              + "; the secret given opens epochs up to "
              + epoch()
              + " only, because the repository's key was rotated since",
          "Use a secret that was kept or added by the last `repository key rotate`.");
    }
    return keys.get(epoch - first);
  }
}
