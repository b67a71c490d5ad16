package io.sendense.recovery.out;

import io.sendense.recovery.fs.Attributes;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.Xattr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.List;

/** Gives a copy what belongs to it beside its content, and writes down what could not be kept. */
final class Keeper {
  private static final int SET_ID = 06000;

  private final Losses losses;
  private final Path place;
  private final Attributes attributes;

  Keeper(Losses losses, Path place, Attributes attributes) {
    this.losses = losses;
    this.place = place;
    this.attributes = attributes;
  }

  /** Whether the copy belongs to whom the file belonged. */
  boolean owner() {
    if (!attributes.posix()) {
      return true;
    }
    try {
      Files.setAttribute(place, "unix:gid", (int) attributes.gid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(place, "unix:uid", (int) attributes.uid(), LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      losses.notKept("owner: only root may give files away");
      return false;
    }
  }

  /** After the owner, because giving a file away clears its set-id bits. */
  void mode(boolean owned) {
    int mode = owned ? attributes.mode() : attributes.mode() & ~SET_ID;
    if (mode != attributes.mode()) {
      losses.notKept("set-user-id and set-group-id, because the owner was not kept");
    }
    try {
      Files.setAttribute(place, "unix:mode", mode);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      losses.notKept("permissions");
    }
  }

  void xattrs(List<Xattr> xattrs) {
    for (Xattr xattr : xattrs) {
      int error = LinuxFiles.setXattr(place, xattr.name(), xattr.value());
      if (error != 0) {
        losses.notKept(xattr.name() + " (" + LinuxFiles.text(error) + ")");
      }
    }
  }

  void times() {
    try {
      Files.getFileAttributeView(place, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setTimes(
              FileTime.from(attributes.modified()), FileTime.from(attributes.accessed()), null);
    } catch (IOException e) {
      losses.notKept(attributes.kind() == FileKind.SYMLINK ? "times of symbolic links" : "times");
    }
  }
}
