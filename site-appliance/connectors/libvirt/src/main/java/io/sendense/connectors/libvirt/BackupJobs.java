package io.sendense.connectors.libvirt;

import io.sendense.connectors.libvirt.LibvirtOwned.Rotation;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Takes down what a capture made on a machine: its backup job, its scratch files, its checkpoint.
 * For a capture's end and for the reaper after a crash; each step looks first at what is there.
 */
final class BackupJobs {
  /**
   * Libvirt 9.0 handles the events of a machine one after another, and waits 30 seconds in vain for
   * each that a guest's agent causes during a backup by opening or closing its port; the job's end
   * comes after those.
   */
  private static final Duration END = Duration.ofMinutes(5);

  private final LibvirtOwned owned;
  private final boolean local;

  BackupJobs(LibvirtOwned owned, boolean local) {
    this.owned = owned;
    this.local = local;
  }

  /**
   * Ends our job if it runs, returns when it has ended, and removes its files. A backup of someone
   * else is known by not naming our mark, and stays.
   */
  void end(Domain domain, String mark) {
    if (isOurs(domain, mark)) {
      try {
        domain.abortJob();
      } catch (SendenseException e) {
        // It may have ended between the question and the call, with the machine for instance.
        if (isOurs(domain, mark)) {
          throw e;
        }
      }
      Pause.until("the end of the backup job", END, () -> !isOurs(domain, mark));
    }
    forgetFiles(mark);
  }

  static boolean isOurs(Domain domain, String mark) {
    return Libvirt.ifThere(domain::isActive).orElse(false)
        && domain.backupXml().filter(xml -> xml.contains(Xml.escape(mark))).isPresent();
  }

  /** For a job that is over, or went with its machine. */
  void forgetFiles(String mark) {
    for (Path file : owned.scratch()) {
      delete(file);
      owned.removeScratch(file);
    }
    owned.removeJob(mark);
  }

  /** Libvirt removes them itself; only on this machine can we look after that. */
  private void delete(Path file) {
    if (!local) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL,
          "the scratch file " + file + " cannot be removed: " + e.getMessage(),
          "Remove it by hand; nothing uses it any more.",
          e);
    }
  }

  /** The new checkpoint is the baseline's from now on. */
  void commit(Domain domain, Rotation rotation) {
    if (!rotation.old().isEmpty()) {
      drop(domain, rotation.old());
    }
    owned.remove(rotation);
  }

  /**
   * The old checkpoint stays the baseline's; libvirt gives it what the new one has recorded. Also
   * after a crash: then an old checkpoint that is gone shows that the commit had happened. A
   * machine that is off keeps its bitmaps in its images, so that the record waits until it runs.
   */
  void rollBack(Domain domain, Rotation rotation) {
    List<String> there = domain.checkpoints();
    boolean committed = !rotation.old().isEmpty() && !there.contains(rotation.old());
    if (!committed && there.contains(rotation.added())) {
      if (!domain.isActive()) {
        return;
      }
      drop(domain, rotation.added());
    }
    owned.remove(rotation);
  }

  /** For a checkpoint that libvirt refused to make. */
  void forget(Rotation rotation) {
    owned.remove(rotation);
  }

  /** Deletes one of our checkpoints, and where its bitmaps are broken at least what names them. */
  static void drop(Domain domain, String checkpoint) {
    try {
      domain.deleteCheckpoint(checkpoint, false);
    } catch (SendenseException e) {
      Optional<LibvirtError> error = LibvirtError.of(e);
      if (error.isEmpty() || !domain.isActive()) {
        throw e;
      }
      domain.deleteCheckpoint(checkpoint, true);
    }
  }
}
