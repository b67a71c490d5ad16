package io.sendense.recovery.work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Users by number, and whose processes are which. */
final class Users {
  // Above what distributions, containers and systemd give out, and below 2^31.
  private static final int FIRST = 2_000_000_000;

  private Users() {}

  static int own() {
    return owner(Path.of("/proc/self"));
  }

  /** The user of a work place; empty where this process may not become somebody else. */
  static OptionalInt of(int place) {
    return own() == 0 ? OptionalInt.of(FIRST + place) : OptionalInt.empty();
  }

  /** All processes of a user that is no person. */
  static List<ProcessHandle> processes(int user) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> owner(process) == user).toList();
    }
  }

  static void own(Path path, int user) throws IOException {
    Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
  }

  private static int owner(ProcessHandle process) {
    try {
      return owner(Path.of("/proc", Long.toString(process.pid())));
    } catch (UncheckedIOException ended) {
      return -1;
    }
  }

  private static int owner(Path path) {
    try {
      return (Integer) Files.getAttribute(path, "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
