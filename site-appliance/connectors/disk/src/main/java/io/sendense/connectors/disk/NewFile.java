package io.sendense.connectors.disk;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.OwnerRecords.Resource;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * A file that appears under its final name only when it is whole, and never in place of another.
 *
 * @param path final name
 * @param temporary hidden name of its own beside it, whose content the caller writes; in the owner
 *     records until it is gone, so that a crash leaves nothing for ever
 */
record NewFile(Path path, Path temporary, OwnerRecords records, Resource resource) {
  static final String KIND = "partial-file";

  /**
   * Checks that the final name is free and records the temporary one.
   *
   * @param source key of the owner record
   * @param random tells the temporary names of two restores to one place apart
   * @throws SendenseException ALREADY_EXISTS, NOT_FOUND where the folder is missing
   */
  static NewFile reserve(OwnerRecords records, String source, RandomGenerator random, Path path) {
    Path absolute = path.toAbsolutePath();
    Path folder = absolute.getParent();
    Path name = absolute.getFileName();
    if (folder == null || name == null || !Files.isDirectory(folder)) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND,
          "the folder of " + path + " is not there",
          "Create it, or restore to another place.");
    }
    Path temporary =
        folder.resolve("." + name + "." + Long.toHexString(random.nextLong()) + ".partial");
    NewFile file =
        new NewFile(absolute, temporary, records, new Resource(source, KIND, temporary.toString()));
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw file.exists();
    }
    records.add(file.resource());
    return file;
  }

  /** Gives the temporary file its final name, durably. */
  void publish() {
    try {
      try {
        Files.createLink(path, temporary);
        discard();
      } catch (UnsupportedOperationException e) {
        moveWithoutLink();
      } catch (FileAlreadyExistsException e) {
        throw exists();
      }
      sync(path.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** For file systems without hard links: the name is taken first, then moved over. */
  private void moveWithoutLink() throws IOException {
    Files.createFile(path);
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    discard();
  }

  private static void sync(@org.jspecify.annotations.Nullable Path folder) throws IOException {
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Removes the temporary files that an earlier process recorded for a source. */
  static void reap(OwnerRecords records, String source) throws IOException {
    for (Resource resource : records.list(source)) {
      if (resource.kind().equals(KIND)) {
        Files.deleteIfExists(Path.of(resource.name()));
        records.remove(resource);
      }
    }
  }

  /**
   * Whether the file that an earlier process recorded for a source has its final name; what is left
   * of its temporary one is removed then. Asked only of a file that was whole.
   */
  static boolean isPublished(OwnerRecords records, String source, Path path) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    for (Resource resource : records.list(source)) {
      Path temporary = Path.of(resource.name());
      if (resource.kind().equals(KIND)) {
        if (Files.exists(temporary) && !Files.isSameFile(temporary, path)) {
          return false;
        }
        Files.deleteIfExists(temporary);
        records.remove(resource);
      }
    }
    return true;
  }

  /** Removes the temporary file, if it is there. */
  void discard() {
    try {
      Files.deleteIfExists(temporary);
      records.remove(resource);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  SendenseException failure(IOException cause) {
    String text = String.valueOf(cause.getMessage());
    if (text.toLowerCase(Locale.ROOT).contains("no space left")
        || text.toLowerCase(Locale.ROOT).contains("quota exceeded")) {
      return new SendenseException(
          ErrorCode.NO_SPACE,
          "no space left while writing " + path,
          "Free space there or restore to another place; nothing was left behind.",
          cause);
    }
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        path + " cannot be written: " + text,
        "Check the path and its permissions.",
        cause);
  }

  private SendenseException exists() {
    return new SendenseException(
        ErrorCode.ALREADY_EXISTS,
        path + " is already there",
        "Restore to another name, or move the file away first; nothing was overwritten.");
  }
}
