package io.sendense.repository.remote;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectTier;
import io.sendense.repository.spi.StoreCapabilities;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The rights of one grant.
 *
 * @param deletable folders below which objects may be deleted also without {@link Right#DELETE}
 */
public record Rights(Set<Right> all, Set<String> deletable) {
  private static final String DELETE_BELOW = "delete:";

  public Rights {
    all = Set.copyOf(all);
    deletable = Set.copyOf(deletable);
  }

  public static Rights of(Right... rights) {
    return new Rights(Set.copyOf(Arrays.asList(rights)), Set.of());
  }

  /**
   * Reads such as {@code read,add,lock,delete:intents}.
   *
   * @throws SendenseException BAD_ARGUMENT
   */
  public static Rights parse(String text) {
    Set<Right> all = EnumSet.noneOf(Right.class);
    Set<String> deletable = new HashSet<>();
    for (String word : text.split(",", -1)) {
      String right = word.strip();
      try {
        if (right.startsWith(DELETE_BELOW)) {
          deletable.add(new ObjectName(right.substring(DELETE_BELOW.length())).value());
        } else {
          all.add(Right.valueOf(right.toUpperCase(Locale.ROOT)));
        }
      } catch (IllegalArgumentException e) {
        throw new SendenseException(
            ErrorCode.BAD_ARGUMENT,
            "\"" + right + "\" is not a right of a peer",
            "Use read, add, delete, delete:FOLDER, lock, release, tier, joined by commas.",
            e);
      }
    }
    return new Rights(all, deletable);
  }

  boolean has(Right right) {
    return all.contains(right);
  }

  boolean mayDelete(ObjectName name) {
    return has(Right.DELETE)
        || deletable.stream().anyMatch(folder -> name.value().startsWith(folder + "/"));
  }

  /** What a store offers to somebody with these rights. */
  StoreCapabilities narrow(StoreCapabilities store, long objectBytesMax) {
    return new StoreCapabilities(
        store.writable() && has(Right.ADD),
        has(Right.LOCK) ? store.lockModes() : Set.of(),
        store.legalHold() && has(Right.LOCK),
        has(Right.READ),
        has(Right.TIER) ? store.tiers() : Set.of(ObjectTier.HOT),
        Math.min(store.objectBytesMax(), objectBytesMax));
  }
}
