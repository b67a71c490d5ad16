package io.sendense.recovery.apps;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds installed servers. */
final class Programs {
  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/local/sbin"),
          Path.of("/usr/local/bin"),
          Path.of("/usr/sbin"),
          Path.of("/usr/bin"));

  private Programs() {}

  static Optional<String> find(String name) {
    return find(FOLDERS, name);
  }

  static Optional<String> find(List<Path> folders, String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  static SendenseException missing(String what, String install) {
    return new SendenseException(ErrorCode.MISSING_TOOL, what + " is needed and not here", install);
  }
}
