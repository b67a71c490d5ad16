package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.Lookup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the volumes of a point, or a directory in one of them. */
@Command(
    name = "ls",
    mixinStandardHelpOptions = true,
    description = "Lists a directory of a point; without --path the volumes that the disks hold.")
final class FilesLsCommand implements Callable<Integer> {
  private static final int MOST = 100_000;

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin GuestOption guest = new GuestOption();

  @Option(names = "--path", paramLabel = "P", description = "From the file system's root.")
  @Nullable String path;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Entries shown at once. Default: 10000.")
  int limit = 10_000;

  @Option(names = "--from", paramLabel = "N", description = "How many entries to pass over first.")
  long from;

  FilesLsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > MOST || from < 0) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "a page of " + limit + " entries from " + from + " on cannot be shown",
          "Use --limit 1 to " + MOST + " and --from 0 or more.");
    }
    try (OpenGuest open = OpenGuest.open(surroundings, common, guest)) {
      String wanted = path;
      if (wanted == null) {
        listVolumes(open);
      } else {
        list(open, wanted);
      }
    }
    return 0;
  }

  private void listVolumes(OpenGuest open) {
    List<Object> documents = new ArrayList<>();
    for (GuestVolume volume : open.volumes()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("volume", volume.name());
      document.put("origin", volume.origin());
      document.put("sizeBytes", volume.source().sizeBytes());
      document.put("holds", FileSystems.describe(volume.source()).orElse("nothing known"));
      if (FileSystems.readable(volume.source())) {
        try {
          GuestFileSystem system = OpenGuest.fileSystem(volume);
          document.put("holds", system.type());
          document.put("label", system.label());
          document.put("uuid", system.uuid());
          document.put("notes", system.notes());
        } catch (SendenseException e) {
          document.put("problem", String.valueOf(e.getMessage()));
        }
      }
      documents.add(document);
      if (!common.json) {
        surroundings
            .out()
            .println(
                volume.name()
                    + "  "
                    + Units.bytes(volume.source().sizeBytes())
                    + "  "
                    + document.get("holds")
                    + labelled(document)
                    + "  ("
                    + volume.origin()
                    + ")");
        Object problem = document.get("problem");
        if (problem != null) {
          warn(volume.name() + ": " + problem);
        }
      }
    }
    open.notes().forEach(this::warn);
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("point", open.point().id().toString());
      document.put("volumes", documents);
      document.put("notes", open.notes());
      surroundings.out().println(Json.text(document));
    }
  }

  private void list(OpenGuest open, String wanted) {
    GuestVolume volume = open.volume(guest);
    GuestFileSystem system = OpenGuest.fileSystem(volume);
    system.notes().forEach(note -> warn(volume.name() + ": " + note));
    GuestFile file = new Lookup(system).find(wanted, true);
    List<Named> page = new ArrayList<>();
    boolean more = false;
    if (file.attributes().kind() == FileKind.DIRECTORY) {
      more = fill(file, page);
      page.sort(Comparator.comparing(Named::name));
    } else {
      page.add(new Named(wanted, file));
    }
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("point", open.point().id().toString());
      document.put("volume", volume.name());
      document.put("fileSystem", system.type());
      document.put("notes", system.notes());
      document.put("path", wanted);
      document.put(
          "entries", page.stream().map(one -> FileText.document(one.name(), one.file())).toList());
      if (more) {
        document.put("next", from + limit);
      }
      surroundings.out().println(Json.text(document));
      return;
    }
    page.forEach(one -> surroundings.out().println(FileText.line(one.name(), one.file())));
    if (more) {
      warn("there are more entries; go on with --from " + (from + limit));
    }
  }

  private record Named(String name, GuestFile file) {}

  /** Whether there is more than fits onto the page. */
  private boolean fill(GuestFile directory, List<Named> page) {
    long[] seen = {0};
    boolean[] more = {false};
    directory.entries(
        entry -> {
          if (seen[0]++ < from) {
            return true;
          }
          if (seen[0] - from > limit) {
            more[0] = true;
            return false;
          }
          add(entry, page);
          return true;
        });
    return more[0];
  }

  private void add(Entry entry, List<Named> page) {
    GuestName name = entry.name();
    try {
      page.add(new Named(name.toString(), entry.open()));
    } catch (SendenseException e) {
      warn(name + ": " + e.getMessage());
    }
  }

  private static String labelled(Map<String, Object> document) {
    Object label = document.getOrDefault("label", "");
    return "".equals(label) ? "" : " \"" + label + "\"";
  }

  private void warn(String text) {
    surroundings.err().println("warning: " + text);
  }
}
