package io.sendense.recovery.fs;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Finds a file by a path as the guest itself would: symbolic links on the way are followed inside
 * the file system and never lead out of it.
 */
public final class Lookup {
  // As many as Linux follows before it says ELOOP.
  private static final int MOST_LINKS = 40;
  private static final int MOST_NAMES = 4096;

  private final GuestFileSystem system;

  public Lookup(GuestFileSystem system) {
    this.system = system;
  }

  /**
   * The file at a path.
   *
   * @param path from the root, parts separated by slashes
   * @param follow whether a symbolic link at its end is followed too
   * @throws SendenseException NOT_FOUND, BAD_ARGUMENT
   */
  public GuestFile find(String path, boolean follow) {
    Deque<GuestName> left = new ArrayDeque<>();
    push(left, GuestName.of(path).bytes());
    Deque<GuestFile> way = new ArrayDeque<>();
    GuestFile at = system.root();
    int links = 0;
    while (!left.isEmpty()) {
      GuestName name = left.removeFirst();
      if (name.dots()) {
        if (name.bytes().length == 2 && !way.isEmpty()) {
          at = way.removeLast();
        }
        continue;
      }
      if (at.attributes().kind() != FileKind.DIRECTORY) {
        throw missing(path, "what comes before " + name + " is not a directory");
      }
      Optional<GuestFile> next = at.child(name);
      if (next.isEmpty()) {
        throw missing(path, "there is no " + name);
      }
      GuestFile child = next.get();
      if (child.attributes().kind() == FileKind.SYMLINK && (follow || !left.isEmpty())) {
        links++;
        if (links > MOST_LINKS) {
          throw missing(path, "more than " + MOST_LINKS + " symbolic links are on the way");
        }
        byte[] target = child.target();
        if (target.length > 0 && target[0] == '/') {
          way.clear();
          at = system.root();
        }
        push(left, target);
      } else {
        way.addLast(at);
        at = child;
      }
      if (way.size() + left.size() > MOST_NAMES) {
        throw missing(path, "the path is too long");
      }
    }
    return at;
  }

  /** The parts go before what is left. */
  private static void push(Deque<GuestName> left, byte[] path) {
    int end = path.length;
    for (int i = path.length - 1; i >= -1; i--) {
      if (i < 0 || path[i] == '/') {
        if (end > i + 1) {
          left.addFirst(GuestName.of(Arrays.copyOfRange(path, i + 1, end)));
        }
        end = i;
      }
    }
  }

  private static SendenseException missing(String path, String why) {
    return new SendenseException(
        ErrorCode.NOT_FOUND,
        path + " is not in this file system: " + why,
        "List it with: files ls");
  }
}
