package io.sendense.recovery.fs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names from a starting point downwards. Shares its beginning with its siblings. */
public final class GuestPath {
  private final @Nullable GuestPath parent;
  private final GuestName name;
  private final int depth;

  private GuestPath(@Nullable GuestPath parent, GuestName name, int depth) {
    this.parent = parent;
    this.name = name;
    this.depth = depth;
  }

  public static GuestPath of(GuestName name) {
    return new GuestPath(null, name, 1);
  }

  public GuestPath with(GuestName child) {
    return new GuestPath(this, child, depth + 1);
  }

  public GuestName name() {
    return name;
  }

  public int depth() {
    return depth;
  }

  /** The names, outermost first. */
  public List<GuestName> names() {
    Deque<GuestName> names = new ArrayDeque<>();
    for (GuestPath at = this; at != null; at = at.parent) {
      names.addFirst(at.name);
    }
    return List.copyOf(names);
  }

  @Override
  public String toString() {
    return String.join("/", names().stream().map(GuestName::toString).toList());
  }
}
