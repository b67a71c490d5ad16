package io.sendense.recovery.convert;

import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import java.util.Optional;

/**
 * Files of a Windows by names as they are written on the volume: Windows takes any case for the
 * same, and the machine that writes does not.
 */
final class WindowsPaths {
  private final GuestVolume volume;
  private final GuestFileSystem system;

  WindowsPaths(GuestVolume volume, GuestFileSystem system) {
    this.volume = volume;
    this.system = system;
  }

  /** What is there; the path of the result is written as the volume has it. */
  Optional<GuestTree.Place> find(String path) {
    GuestFile at = system.root();
    String real = "";
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      Optional<String> written = written(at, name);
      if (written.isEmpty()) {
        return Optional.empty();
      }
      real += "/" + written.get();
      at = at.child(GuestName.of(written.get())).orElseThrow();
    }
    return Optional.of(new GuestTree.Place(volume, real.isEmpty() ? "/" : real, path, at));
  }

  /** A folder by its path as it is written as far as it is there; the rest as it is given. */
  Folder nearest(String path) {
    String real = "";
    boolean there = true;
    for (String name : path.split("/", -1)) {
      if (!name.isEmpty()) {
        Optional<GuestTree.Place> next = there ? find(real + "/" + name) : Optional.empty();
        there = next.isPresent();
        real = next.map(GuestTree.Place::path).orElse(real + "/" + name);
      }
    }
    return new Folder(volume, real);
  }

  /** A folder that is there or is to be made. */
  record Folder(GuestVolume volume, String path) {}

  private static Optional<String> written(GuestFile folder, String name) {
    if (folder.attributes().kind() != io.sendense.recovery.fs.FileKind.DIRECTORY) {
      return Optional.empty();
    }
    GuestName wanted = GuestName.of(name);
    String[] found = {""};
    folder.entries(
        entry -> {
          if (entry.name().isText() && folder.sameName(entry.name(), wanted)) {
            found[0] = entry.name().toString();
          }
          return found[0].isEmpty();
        });
    return found[0].isEmpty() ? Optional.empty() : Optional.of(found[0]);
  }
}
