package io.sendense.recovery.apps;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.GuestPath;
import io.sendense.recovery.fs.Lookup;
import io.sendense.recovery.out.Copier;
import io.sendense.recovery.out.FolderSink;
import io.sendense.recovery.out.Losses;
import io.sendense.recovery.work.WorkPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Copies the data of an application to a place where a server may change it. Every file is read
 * back and compared; a single one that cannot be read ends it, since a server cannot do without.
 */
final class DataCopy {
  private static final Copier.Watch SILENT =
      new Copier.Watch() {
        @Override
        public void file(GuestPath path) {
          if (Thread.currentThread().isInterrupted()) {
            throw new SendenseException(ErrorCode.CANCELLED, "the copy was interrupted", "");
          }
        }

        @Override
        public void bytes(long count) {}
      };

  private DataCopy() {}

  /**
   * @param name of the copy inside the place
   * @param leftOut entries of the copy's root that are not wanted
   */
  static Path make(
      GuestFileSystem system, String path, WorkPlace place, String name, List<String> leftOut) {
    GuestFile source = new Lookup(system).find(path, true);
    if (source.attributes().kind() != FileKind.DIRECTORY) {
      throw new SendenseException(ErrorCode.NOT_FOUND, path + " is not a directory", "");
    }
    Losses losses = new Losses();
    Path made = place.inside().resolve(name);
    try (FolderSink sink = new FolderSink(place.inside(), losses, false)) {
      new Copier(sink, SILENT, losses).copy(GuestName.of(name), source);
      for (String unwanted : leftOut) {
        remove(made.resolve(unwanted));
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NO_SPACE,
          "the data cannot be copied to " + made + ": " + e.getMessage(),
          "Check the space there, or name another folder with --work.",
          e);
    }
    if (losses.count() > 0) {
      throw new SendenseException(
          ErrorCode.GUEST_DAMAGED,
          losses.count() + " files of " + path + " cannot be read",
          "Look at them with: files get. An earlier point may be whole.");
    }
    place.giveTree(made);
    return made;
  }

  /** Of a link the link itself is removed. */
  private static void remove(Path file) throws IOException {
    if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(file);
    }
  }
}
