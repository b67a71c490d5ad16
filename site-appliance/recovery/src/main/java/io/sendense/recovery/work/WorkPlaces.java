package io.sendense.recovery.work;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The work places of this host. A place is held by a file lock, which the kernel gives back however
 * its holder ends; so the bound holds for all processes together, and who takes a place next clears
 * it. Thread-safe.
 *
 * @param base folder of all places, which every user may pass through and only ours may write
 * @param most how many may be taken at once, 1 to 64
 */
public record WorkPlaces(Path base, int most) {
  /** Places of one folder. */
  public static final int MOST = 64;

  private static final Duration POLL = Duration.ofMillis(100);

  public WorkPlaces {
    if (most < 1 || most > MOST) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          most + " runs at once cannot be allowed",
          "Use 1 to " + MOST + ".");
    }
    base = base.toAbsolutePath().normalize();
  }

  /** Where places are, unless somebody says otherwise: short, since sockets lie in them. */
  public static Path usual() {
    return Path.of("/var/tmp", "sendense-" + Users.own());
  }

  /** As below, by somebody who does not give up. */
  public WorkPlace take(Duration deadline) {
    return take(deadline, () -> false);
  }

  /**
   * Waits for a place, clears it and takes it.
   *
   * @param givenUp whether the caller does not want it any more
   * @throws SendenseException LIMIT_REACHED where all are still taken at the deadline; CANCELLED
   *     where it was given up; FORBIDDEN where the base folder is not ours alone
   */
  public WorkPlace take(Duration deadline, BooleanSupplier givenUp) {
    prepare();
    long end = System.nanoTime() + deadline.toNanos();
    do {
      for (int i = 0; i < most; i++) {
        Optional<WorkPlace> place = tryTake(i);
        if (place.isPresent()) {
          return place.get();
        }
      }
      if (givenUp.getAsBoolean()) {
        throw new SendenseException(
            ErrorCode.CANCELLED, "the wait for a work place was given up", "Run it again.");
      }
      LockSupport.parkNanos(POLL.toNanos());
    } while (System.nanoTime() < end && !Thread.currentThread().isInterrupted());
    throw new SendenseException(
        ErrorCode.LIMIT_REACHED,
        "all " + most + " work places in " + base + " are taken",
        "Wait for the other runs, or allow more at once.");
  }

  /** Clears every place that nobody holds. */
  public void reap() {
    prepare();
    for (int i = 0; i < MOST; i++) {
      if (Files.exists(base.resolve(Integer.toString(i)))) {
        tryTake(i).ifPresent(WorkPlace::close);
      }
    }
  }

  private Optional<WorkPlace> tryTake(int number) {
    Path lockFile = base.resolve(number + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(
              lockFile,
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      FileLock lock = lock(channel);
      if (lock == null) {
        channel.close();
        return Optional.empty();
      }
      try {
        return Optional.of(new WorkPlace(base.resolve(Integer.toString(number)), number, channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NO_SPACE,
          "the work place " + base.resolve(Integer.toString(number)) + " cannot be made: " + e,
          "Check the space and the rights there, or name another folder with --work.",
          e);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock lock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException takenByThisProcess) {
      return null;
    }
  }

  /** Somebody else's folder under a guessed name must not become ours. */
  private void prepare() {
    try {
      if (!Files.exists(base, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(base);
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx--x--x"));
      }
      PosixFileAttributes is =
          Files.readAttributes(base, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      boolean shared =
          is.permissions().contains(PosixFilePermission.GROUP_WRITE)
              || is.permissions().contains(PosixFilePermission.OTHERS_WRITE);
      int owner = (Integer) Files.getAttribute(base, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      if (!is.isDirectory() || shared || owner != Users.own()) {
        throw new SendenseException(
            ErrorCode.FORBIDDEN,
            base + " is not a folder that only this user may write",
            "Remove it, or name another folder with --work.");
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NO_SPACE,
          "the folder " + base + " cannot be made: " + e.getMessage(),
          "Name another folder with --work.",
          e);
    }
  }
}
