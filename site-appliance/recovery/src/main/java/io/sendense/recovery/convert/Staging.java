package io.sendense.recovery.convert;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps changes of disks in images beside them until they are proved, and then brings all of them
 * down. At any moment at which this process ends, the disks are as they were, or the next staging
 * of the same disks completes what was proved: the decision is one file that is there or not.
 */
final class Staging implements AutoCloseable {
  private static final String IMAGE = ".converting";
  private static final String DECISION = ".converted";
  private static final String LOCK = ".converting.lock";
  private static final String VERSION = "sendense conversion 1";

  /** Steps, as a test may end the process before each of them. */
  enum Step {
    IMAGE_MADE,
    DECIDED,
    BROUGHT_DOWN,
    FORGOTTEN
  }

  private final List<DiskFile> disks;
  private final ImageTool tool;
  private final Consumer<Step> steps;
  private final Path lockFile;
  private @Nullable FileChannel lockChannel;

  private Staging(List<DiskFile> disks, ImageTool tool, Consumer<Step> steps) {
    this.disks = disks;
    this.tool = tool;
    this.steps = steps;
    this.lockFile = beside(disks.getFirst().path(), LOCK);
  }

  /**
   * Completes, or removes, what an earlier one left on these disks.
   *
   * @throws SendenseException CONFLICT where another one is at work on them, or where what was left
   *     belongs to other files of these names; NO_SPACE
   */
  static Staging begin(List<DiskFile> disks, ImageTool tool, Consumer<Step> steps) {
    Staging staging = new Staging(disks, tool, steps);
    staging.lock();
    try {
      staging.settle();
      return staging;
    } catch (RuntimeException e) {
      staging.close();
      throw e;
    }
  }

  /** Images over the disks, in their order; what is written goes there. */
  List<DiskFile> images() {
    List<DiskFile> images = new ArrayList<>();
    for (DiskFile disk : disks) {
      Path image = beside(disk.path(), IMAGE);
      tool.create(image, disk);
      steps.accept(Step.IMAGE_MADE);
      images.add(new DiskFile(image, "qcow2"));
    }
    return images;
  }

  /** What the images hold goes into the disks, durably; it was proved. */
  void bringDown() {
    try {
      for (DiskFile disk : disks) {
        force(beside(disk.path(), IMAGE));
      }
      decide();
      settle();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Removes images that were not decided on. What was, stays for the next one to complete. */
  @Override
  public void close() {
    FileChannel held = lockChannel;
    if (held == null) {
      return;
    }
    lockChannel = null;
    try (held) {
      if (!Files.exists(decision())) {
        removeImages();
      }
      Files.deleteIfExists(lockFile);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void lock() {
    try {
      FileChannel channel =
          FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new SendenseException(
            ErrorCode.CONFLICT,
            "another conversion is at work on " + disks.getFirst().path(),
            "Wait until it has ended.");
      }
      lockChannel = channel;
    } catch (java.nio.channels.OverlappingFileLockException e) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "this process is at work on " + disks.getFirst().path(),
          "Wait until it has ended.",
          e);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void settle() {
    try {
      if (!Files.exists(decision())) {
        removeImages();
        return;
      }
      if (!isForThese(Files.readString(decision()))) {
        throw new SendenseException(
            ErrorCode.CONFLICT,
            decision() + " was written for other disks than these, of the same names",
            "Remove it and the files ending in " + IMAGE + " if those disks are gone.");
      }
      for (DiskFile disk : disks) {
        Path image = beside(disk.path(), IMAGE);
        if (Files.exists(image)) {
          tool.commit(image);
          force(disk.path());
          steps.accept(Step.BROUGHT_DOWN);
        }
      }
      removeImages();
      steps.accept(Step.FORGOTTEN);
      Files.delete(decision());
      forceFolder();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void decide() throws IOException {
    Path draft = beside(disks.getFirst().path(), DECISION + ".draft");
    Files.writeString(draft, identity());
    force(draft);
    forceFolder();
    steps.accept(Step.DECIDED);
    Files.move(draft, decision(), StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
  }

  /** Which files these are: not their names only, since a disk may be restored anew. */
  private String identity() throws IOException {
    StringBuilder text = new StringBuilder(VERSION);
    for (DiskFile disk : disks) {
      BasicFileAttributes file = Files.readAttributes(disk.path(), BasicFileAttributes.class);
      // Where a file system knows no time of birth, Java gives the last change instead.
      boolean known = !file.creationTime().equals(file.lastModifiedTime());
      text.append('\n').append(file.fileKey()).append(known ? " " + file.creationTime() : "");
    }
    return text.toString();
  }

  private boolean isForThese(String decision) throws IOException {
    String[] then = decision.split("\n", -1);
    String[] now = identity().split("\n", -1);
    if (then.length != now.length || !then[0].equals(VERSION)) {
      return false;
    }
    for (int i = 1; i < then.length; i++) {
      if (!now[i].equals(then[i]) && !now[i].startsWith(then[i] + " ")) {
        return false;
      }
    }
    return true;
  }

  private void removeImages() throws IOException {
    for (DiskFile disk : disks) {
      Files.deleteIfExists(beside(disk.path(), IMAGE));
    }
    Files.deleteIfExists(beside(disks.getFirst().path(), DECISION + ".draft"));
    forceFolder();
  }

  private Path decision() {
    return beside(disks.getFirst().path(), DECISION);
  }

  private static Path beside(Path disk, String ending) {
    return disk.toAbsolutePath().resolveSibling(disk.getFileName() + ending);
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private void forceFolder() throws IOException {
    for (DiskFile disk : disks) {
      try (FileChannel channel =
          FileChannel.open(disk.path().toAbsolutePath().resolveSibling("."))) {
        channel.force(true);
      }
    }
  }

  private static SendenseException failed(IOException e) {
    return new SendenseException(
        ErrorCode.CONFLICT,
        "the changes cannot be kept beside the disks: " + e,
        "Check the rights and the space there, then run the same command again.",
        e);
  }
}
