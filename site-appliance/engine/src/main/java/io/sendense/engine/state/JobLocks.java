package io.sendense.engine.state;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Locks by name that end with their process, however it ends: a lock that can be taken proves that
 * no job holds it. Between processes the kernel's file locks decide; within this one a set of held
 * names, because closing any channel on a locked file would give the process's lock away.
 */
public final class JobLocks {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;

  JobLocks(Path folder) {
    this.folder = folder;
  }

  /**
   * Takes the lock for a job's life.
   *
   * @param busy what the message says is going on where someone else holds it
   * @throws SendenseException CONFLICT
   */
  public Held take(String name, String busy) {
    return tryTake(name)
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.CONFLICT, busy, "Wait until it has ended and try again."));
  }

  /** As {@link #take}, but empty where it is held: to tell whether its job still lives. */
  public Optional<Held> ifFree(String name) {
    return tryTake(name);
  }

  /** Empty where another job, here or in another process, holds it. */
  Optional<Held> tryTake(String name) {
    Path file = file(name);
    if (!HELD.add(file)) {
      return Optional.empty();
    }
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        channel.write(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), 0);
        return Optional.of(new Held(file, channel));
      }
      channel.close();
      HELD.remove(file);
      return Optional.empty();
    } catch (IOException e) {
      HELD.remove(file);
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "lock " + file + " cannot be used: " + e.getMessage(),
          "Check that the state folder is writable by this user and on a local disk.",
          e);
    }
  }

  private Path file(String name) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(hash, 0, 16)).toAbsolutePath().normalize();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** A lock held until closed. */
  public static final class Held implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private Held(Path file, FileChannel channel) {
      this.file = file;
      this.channel = channel;
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new SendenseException(
            ErrorCode.INTERNAL, "lock " + file + " cannot be released", "", e);
      } finally {
        HELD.remove(file);
      }
    }
  }
}
