package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Marks a directory as this kind of repository, and knows it again. */
final class ChainDoor {
  private static final String MARKER = "sendense-qcow2-chain.json";
  private static final String MARKER_TEXT =
      "{\"format\": \"sendense qcow2-chain repository\", \"version\": 1}\n";

  private ChainDoor() {}

  static boolean isThere(Path directory) {
    return Files.exists(directory.resolve(MARKER));
  }

  static Path init(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      try (DirectoryStream<Path> inside = Files.newDirectoryStream(root)) {
        for (Path found : inside) {
          if (!found.endsWith("lost+found")) {
            throw new SendenseException(
                ErrorCode.ALREADY_EXISTS,
                "directory " + root + " is not empty",
                "Give an empty or new directory; nothing was changed.");
          }
        }
      }
      Files.writeString(
          root.resolve(MARKER),
          MARKER_TEXT,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.DSYNC,
          StandardOpenOption.WRITE);
      return root;
    } catch (IOException e) {
      throw Failure.of(root, e);
    }
  }

  static Path open(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      if (!isThere(root)) {
        throw new SendenseException(
            ErrorCode.NOT_FOUND,
            "there is no qcow2-chain repository in " + root,
            "Check the path and that the file system is mounted.");
      }
      if (!Files.readString(root.resolve(MARKER)).equals(MARKER_TEXT)) {
        throw new SendenseException(
            ErrorCode.STORE_UNKNOWN_VERSION,
            "the repository in " + root + " is of a version that this program does not know",
            "Use the version of Sendense that wrote it, or a newer one. Nothing was changed.");
      }
      return root;
    } catch (IOException e) {
      throw Failure.of(root, e);
    }
  }
}
