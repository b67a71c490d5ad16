package io.sendense.repository.chain;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** The folder of one machine: its files, their names, and how they appear and vanish durably. */
final class ChainFolder {
  static final String IMAGE = ".qcow2";
  private static final String PARTIAL = ".partial";
  private static final String LOCK = ".lock";

  private final Path folder;
  private final Steps steps;

  ChainFolder(Path folder, Steps steps) {
    this.folder = folder;
    this.steps = steps;
  }

  /** A name as a part of file names: told apart from others by a hash where it had to change. */
  static String safe(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_-]", "_");
    if (safe.length() > 60) {
      safe = safe.substring(0, 60);
    }
    String hash = Sha256.of(name.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
    return safe.equals(name) ? safe : safe + "-" + hash;
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Path sideFile(String point) {
    return folder.resolve(point + PointFile.ENDING);
  }

  static String imageName(String point, String disk) {
    return point + "." + safe(disk) + IMAGE;
  }

  Path temporary(String name, RandomGenerator random) {
    return folder.resolve("." + name + "." + Long.toHexString(random.nextLong()) + PARTIAL);
  }

  /** Files with an ending, by name. */
  List<Path> list(String ending) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + ending)) {
      all.forEach(found::add);
    } catch (IOException e) {
      throw Failure.of(folder, e);
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  /** The readable side files, by sequence. */
  List<PointFile> points() {
    List<PointFile> points = new ArrayList<>();
    for (Path file : list(PointFile.ENDING)) {
      try {
        points.add(PointFile.read(file));
      } catch (SendenseException e) {
        // Catalogue and verification tell of a damaged one; the others can still be used.
        if (e.code() != ErrorCode.STORE_DAMAGED && e.code() != ErrorCode.STORE_UNKNOWN_VERSION) {
          throw e;
        }
      }
    }
    points.sort(Comparator.comparingLong(PointFile::sequence).thenComparing(PointFile::id));
    return points;
  }

  /**
   * The right to change the folder, for one at a time of all processes; advisory.
   *
   * @throws SendenseException CONFLICT where another has it
   */
  FileChannel lock() {
    FileChannel channel = null;
    try {
      Files.createDirectories(folder);
      sync(folder.toAbsolutePath().getParent());
      channel = FileChannel.open(path(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw busy();
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      closeQuietly(channel, e);
      throw busy();
    } catch (IOException e) {
      closeQuietly(channel, e);
      throw Failure.of(folder, e);
    }
  }

  private static void closeQuietly(
      @org.jspecify.annotations.Nullable FileChannel channel, Exception failure) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private SendenseException busy() {
    return new SendenseException(
        ErrorCode.CONFLICT,
        "another job is changing the chain in " + folder,
        "Wait for it to end; a chain has one writer at a time.");
  }

  /** Gives a durable temporary file its name, which must be free. */
  void publish(Path temporary, String name) {
    Path path = path(name);
    try {
      try {
        Files.createLink(path, temporary);
        Files.delete(temporary);
      } catch (UnsupportedOperationException e) {
        // No hard links here: the name is taken first, then moved over.
        Files.createFile(path);
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
      }
      sync(folder);
    } catch (FileAlreadyExistsException e) {
      throw new SendenseException(
          ErrorCode.ALREADY_EXISTS, path + " is already there", "Nothing was overwritten.", e);
    } catch (IOException e) {
      throw Failure.of(path, e);
    }
    steps.reached("published " + name);
  }

  /** Puts a durable temporary file in the place of one that is there, in one step. */
  void replace(Path temporary, String name) {
    try {
      Files.move(
          temporary,
          path(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      sync(folder);
    } catch (IOException e) {
      throw Failure.of(path(name), e);
    }
    steps.reached("replaced " + name);
  }

  void delete(Path file) {
    try {
      if (Files.deleteIfExists(file)) {
        sync(folder);
        steps.reached("deleted " + file.getFileName());
      }
    } catch (IOException e) {
      throw Failure.of(file, e);
    }
  }

  boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Writes a side file in full, durably, reads it back, and returns where it is. */
  Path writeSideFile(PointFile point, RandomGenerator random) {
    Path temporary = temporary(point.id() + PointFile.ENDING, random);
    try {
      byte[] bytes = point.encode();
      try (FileChannel out =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          out.write(buffer);
        }
        out.force(true);
      }
      PointFile.read(temporary);
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
    steps.reached("wrote the side file of " + point.id());
    return temporary;
  }

  private static void sync(@org.jspecify.annotations.Nullable Path directory) throws IOException {
    if (directory != null) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  List<Path> partials() {
    return list(PARTIAL);
  }
}
