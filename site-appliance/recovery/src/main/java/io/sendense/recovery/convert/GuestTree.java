package io.sendense.recovery.convert;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Guest;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The guest's files as it sees them itself: its root with the other volumes mounted in it. Symbolic
 * links are followed and never lead out.
 */
final class GuestTree {
  private static final int MOST_LINKS = 40;
  private static final int MOST_NAMES = 1024;
  private static final int MOST_ENTRIES = 20_000;
  private static final int MOST_TEXT = 4 << 20;

  private final GuestVolume rootVolume;
  private final GuestFileSystem root;
  private final Map<String, Mounted> mounts = new HashMap<>();

  private record Mounted(GuestVolume volume, GuestFileSystem system) {}

  /**
   * A file.
   *
   * @param path from its volume's root, without symbolic links
   * @param guestPath as the guest has it
   */
  record Place(GuestVolume volume, String path, String guestPath, GuestFile file) {
    String name() {
      return guestPath.substring(guestPath.lastIndexOf('/') + 1);
    }
  }

  GuestTree(GuestVolume volume, GuestFileSystem root) {
    this.rootVolume = volume;
    this.root = root;
  }

  void mount(String path, GuestVolume volume, GuestFileSystem system) {
    mounts.put(path, new Mounted(volume, system));
  }

  boolean mounted(String path) {
    return mounts.containsKey(path);
  }

  GuestVolume rootVolume() {
    return rootVolume;
  }

  /** The file or folder there, after all symbolic links; empty where there is none. */
  Optional<Place> find(String path) {
    Deque<String> left = new ArrayDeque<>();
    push(left, path);
    Deque<Place> way = new ArrayDeque<>();
    Place at = new Place(rootVolume, "/", "", root.root());
    int links = 0;
    int steps = 0;
    while (!left.isEmpty()) {
      if (++steps > MOST_NAMES) {
        throw Guest.damaged("path", path, 0, "it has more than " + MOST_NAMES + " names");
      }
      String name = left.removeFirst();
      if (name.equals("..")) {
        at = way.isEmpty() ? at : way.removeLast();
        continue;
      }
      if (at.file().attributes().kind() != FileKind.DIRECTORY) {
        return Optional.empty();
      }
      Optional<GuestFile> child = at.file().child(GuestName.of(name));
      if (child.isEmpty()) {
        return Optional.empty();
      }
      if (child.get().attributes().kind() == FileKind.SYMLINK) {
        if (++links > MOST_LINKS) {
          return Optional.empty();
        }
        String target = new String(child.get().target(), StandardCharsets.UTF_8);
        if (target.startsWith("/")) {
          way.clear();
          at = new Place(rootVolume, "/", "", root.root());
        }
        push(left, target);
        continue;
      }
      way.addLast(at);
      String guestPath = at.guestPath() + "/" + name;
      Mounted mounted = mounts.get(guestPath);
      at =
          mounted != null
              ? new Place(mounted.volume(), "/", guestPath, mounted.system().root())
              : new Place(
                  at.volume(),
                  at.path().equals("/") ? "/" + name : at.path() + "/" + name,
                  guestPath,
                  child.get());
    }
    return Optional.of(at);
  }

  boolean exists(String path) {
    return find(path).isPresent();
  }

  /** A regular file there. */
  Optional<Place> file(String path) {
    return find(path).filter(place -> place.file().attributes().kind() == FileKind.FILE);
  }

  Optional<Place> folder(String path) {
    return find(path).filter(place -> place.file().attributes().kind() == FileKind.DIRECTORY);
  }

  /** The files and folders of a folder by name; none where it is not there. */
  List<Place> list(String path) {
    Optional<Place> folder = folder(path);
    List<String> names = new ArrayList<>();
    folder.ifPresent(
        place ->
            place
                .file()
                .entries(
                    entry -> {
                      if (entry.name().isText()) {
                        names.add(entry.name().toString());
                      }
                      return names.size() < MOST_ENTRIES;
                    }));
    List<Place> found = new ArrayList<>();
    for (String name : names) {
      find(path + "/" + name).ifPresent(found::add);
    }
    found.sort(Comparator.comparing(Place::name));
    return found;
  }

  Optional<String> text(String path) {
    return file(path).map(place -> new String(bytes(place, MOST_TEXT), StandardCharsets.UTF_8));
  }

  static String text(Place place) {
    return new String(bytes(place, MOST_TEXT), StandardCharsets.UTF_8);
  }

  /**
   * @throws SendenseException GUEST_UNSUPPORTED where it is longer
   */
  static byte[] bytes(Place place, int most) {
    long size = place.file().attributes().sizeBytes();
    if (size > most) {
      throw Guest.unsupported(
          place.guestPath(), "it has " + size + " bytes, more than the " + most + " looked at");
    }
    byte[] all = new byte[(int) size];
    if (size > 0) {
      place.file().content().read(0, ByteBuffer.wrap(all));
    }
    return all;
  }

  private static void push(Deque<String> left, String path) {
    String[] names = path.split("/", MOST_NAMES + 1);
    for (int i = names.length - 1; i >= 0; i--) {
      if (!names[i].isEmpty() && !names[i].equals(".")) {
        left.addFirst(names[i]);
      }
    }
  }
}
