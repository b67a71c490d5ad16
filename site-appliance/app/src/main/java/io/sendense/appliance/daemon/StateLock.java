package io.sendense.appliance.daemon;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** One daemon per state folder; the kernel ends the lock with the process, however it ends. */
record StateLock(Path folder, FileChannel channel) implements AutoCloseable {
  /**
   * @throws SendenseException CONFLICT if another process runs on this folder
   */
  static StateLock take(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      FileChannel channel =
          FileChannel.open(
              folder.resolve("daemon.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() == null) {
        channel.close();
        throw taken(folder);
      }
      return new StateLock(folder, channel);
    } catch (OverlappingFileLockException e) {
      throw taken(folder);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the state folder " + folder + " cannot be used: " + e.getMessage(),
          "Check that it is writable by this user.",
          e);
    }
  }

  private static SendenseException taken(Path folder) {
    return new SendenseException(
        ErrorCode.CONFLICT,
        "another appliance process runs on the state folder " + folder,
        "Stop it first, or give each its own folder.");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, "the lock of " + folder + " cannot be released", "", e);
    }
  }
}
