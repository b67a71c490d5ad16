package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.Entry;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.GuestPath;
import io.sendense.recovery.fs.Lookup;
import io.sendense.recovery.fs.Search;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds files in a point by their names. */
@Command(
    name = "search",
    mixinStandardHelpOptions = true,
    description = "Finds files below a directory by their names.")
final class FilesSearchCommand implements Callable<Integer> {
  private static final int MOST = 100_000;

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin GuestOption guest = new GuestOption();

  @Option(names = "--path", paramLabel = "P", description = "Where to begin. Default: /.")
  String path = "/";

  @Option(
      names = "--name",
      required = true,
      paramLabel = "GLOB",
      description = "The name, where * is any text and ? any character.")
  String name = "";

  @Option(names = "--ignore-case", description = "Do not tell capitals from small letters.")
  boolean ignoreCase;

  @Option(names = "--limit", paramLabel = "N", description = "Finds at most. Default: 1000.")
  int limit = 1000;

  FilesSearchCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > MOST) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "--limit " + limit + " cannot be", "Use 1 to " + MOST + ".");
    }
    try (OpenGuest open = OpenGuest.open(surroundings, common, guest);
        FilesProgress progress = FilesProgress.start(surroundings, "searched")) {
      GuestVolume volume = open.volume(guest);
      GuestFileSystem system = OpenGuest.fileSystem(volume);
      system.notes().forEach(note -> progress.warn(volume.name() + ": " + note));
      GuestFile start = new Lookup(system).find(path, true);
      List<Object> found = new ArrayList<>();
      Pattern pattern = pattern();
      Search search =
          new Search(
              entry -> {
                progress.looked();
                return pattern.matcher(entry.name().toString()).matches();
              },
              (where, entry) -> {
                hit(where, entry, found, progress);
                return found.size() < limit;
              },
              (where, why) -> progress.warn(where + ": " + why.getMessage()));
      boolean all =
          start.attributes().kind() != FileKind.DIRECTORY
              || search.run(GuestPath.of(GuestName.of(path.replaceFirst("/+$", ""))), start);
      progress.end();
      if (!all) {
        progress.warn("there may be more; raise --limit or begin deeper with --path");
      }
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("point", open.point().id().toString());
        document.put("volume", volume.name());
        document.put("looked", search.looked());
        document.put("complete", all);
        document.put("found", found);
        surroundings.out().println(Json.text(document));
      }
    }
    return 0;
  }

  private void hit(GuestPath where, Entry entry, List<Object> found, FilesProgress progress) {
    try {
      GuestFile file = entry.open();
      found.add(common.json ? FileText.document(where.toString(), file) : where);
      if (!common.json) {
        progress.end();
        surroundings.out().println(FileText.line(where.toString(), file));
      }
    } catch (SendenseException e) {
      progress.warn(where + ": " + e.getMessage());
    }
  }

  private Pattern pattern() {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    int flags = Pattern.DOTALL;
    if (ignoreCase) {
      flags |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    }
    return Pattern.compile(regex.toString(), flags);
  }
}
