package io.sendense.recovery.apps;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for the data of applications in a file system, by the names in its upper directories. */
public final class DataSearch {
  private static final int DEEPEST = 6;
  private static final int MOST_DIRECTORIES = 20_000;
  private static final int MOST_NAMES = 4096;
  private static final Set<String> PASSED_OVER =
      Set.of("proc", "sys", "dev", "usr", "boot", "lost+found", "snap", "Windows", "tmp");

  private final List<ApplicationItems> applications;

  public DataSearch(List<ApplicationItems> applications) {
    this.applications = List.copyOf(applications);
  }

  private record Place(String path, int depth, GuestFile file) {}

  /** Within six levels and 20,000 directories; damaged directories are passed over. */
  public List<FoundData> find(String volume, GuestFileSystem system) {
    List<FoundData> found = new ArrayList<>();
    Deque<Place> queue = new ArrayDeque<>();
    queue.add(new Place("", 0, system.root()));
    for (int seen = 0; seen < MOST_DIRECTORIES && !queue.isEmpty(); seen++) {
      Place place = queue.removeFirst();
      look(volume, place, queue).ifPresent(found::add);
    }
    return found;
  }

  private Optional<FoundData> look(String volume, Place place, Deque<Place> queue) {
    Map<String, FileKind> names = new HashMap<>();
    List<Place> below = new ArrayList<>();
    try {
      place.file.entries(
          entry -> {
            String name = entry.name().toString();
            names.put(name, entry.kind());
            boolean deeper = place.depth < DEEPEST && !PASSED_OVER.contains(name);
            if (deeper && entry.kind() == FileKind.DIRECTORY) {
              below.add(new Place(place.path + "/" + name, place.depth + 1, entry.open()));
            }
            return names.size() < MOST_NAMES;
          });
    } catch (SendenseException damaged) {
      return Optional.empty();
    }
    Directory directory =
        new Directory(volume, place.path.isEmpty() ? "/" : place.path, names.keySet(), place.file);
    for (ApplicationItems application : applications) {
      Optional<FoundData> here = application.recognise(directory);
      if (here.isPresent()) {
        return here;
      }
    }
    queue.addAll(below);
    return Optional.empty();
  }
}
