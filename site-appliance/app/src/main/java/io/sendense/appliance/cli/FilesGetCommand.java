package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.FileKind;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.Lookup;
import io.sendense.recovery.out.Copier;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a file or a folder out of a point. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    description = {
      "Copies a file, or a folder with all in it, out of a point: into a folder, or to a new .tar or",
      ".zip. Nothing that is there already is overwritten, and what was written is read back."
    })
final class FilesGetCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin GuestOption guest = new GuestOption();

  @Option(
      names = "--path",
      required = true,
      paramLabel = "P",
      description = "From the file system's root.")
  String path = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR|FILE.tar|FILE.zip|-",
      description = {
        "A folder, which is made where it is not there; a new archive, by its ending; or - for",
        "standard output: a file as it is, a folder as a tar."
      })
  String to = "";

  FilesGetCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (common.json && to.equals("-")) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "--json and --to - both want standard output", "Leave one out.");
    }
    try (OpenGuest open = OpenGuest.open(surroundings, common, guest);
        FilesProgress progress = FilesProgress.start(surroundings, "copied")) {
      GuestVolume volume = open.volume(guest);
      GuestFileSystem system = OpenGuest.fileSystem(volume);
      system.notes().forEach(note -> progress.warn(volume.name() + ": " + note));
      GuestFile file = new Lookup(system).find(path, false);
      FileCopies copies = new FileCopies(surroundings, progress);
      Copier.Outcome outcome =
          to.equals("-")
              ? copies.toStandardOutput(name(volume), file)
              : copies.to(to, name(volume), file);
      progress.end();
      outcome.losses().failures().forEach(failure -> progress.warn("not copied: " + failure));
      outcome
          .losses()
          .notKept()
          .forEach((what, count) -> progress.warn("not kept of " + count + " files: " + what));
      if (common.json) {
        surroundings.out().println(Json.text(document(open, volume, outcome, progress)));
      } else if (!to.equals("-")) {
        surroundings.out().println(text(file, outcome, progress));
      }
      if (outcome.losses().count() > 0) {
        throw new SendenseException(
            ErrorCode.GUEST_DAMAGED,
            outcome.losses().count() + " files could not be copied; the first are named above",
            "The others are complete.");
      }
    }
    return 0;
  }

  /** The last part of the path; for the root, the volume's name. */
  private GuestName name(GuestVolume volume) {
    byte[] bytes = path.replaceFirst("/+$", "").getBytes(StandardCharsets.UTF_8);
    int slash = bytes.length;
    while (slash > 0 && bytes[slash - 1] != '/') {
      slash--;
    }
    GuestName last = GuestName.of(java.util.Arrays.copyOfRange(bytes, slash, bytes.length));
    return last.safe() ? last : GuestName.of(volume.name().replace('/', '-'));
  }

  private Map<String, Object> document(
      OpenGuest open, GuestVolume volume, Copier.Outcome outcome, FilesProgress progress) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("point", open.point().id().toString());
    document.put("volume", volume.name());
    document.put("path", path);
    document.put("to", to);
    document.put("files", outcome.files());
    document.put("directories", outcome.directories());
    document.put("bytes", progress.bytesCopied());
    document.put("durationSeconds", progress.elapsed().toMillis() / 1000.0);
    document.put("bytesPerSecond", progress.bytesPerSecond());
    document.put("failed", outcome.losses().count());
    document.put("failures", List.copyOf(outcome.losses().failures()));
    document.put("notKept", outcome.losses().notKept());
    return document;
  }

  private String text(GuestFile file, Copier.Outcome outcome, FilesProgress progress) {
    String what =
        file.attributes().kind() == FileKind.DIRECTORY
            ? outcome.files() + " files in " + outcome.directories() + " folders"
            : "1 file";
    return what
        + ", "
        + Units.bytes(progress.bytesCopied())
        + " copied to "
        + to
        + " in "
        + Units.duration(progress.elapsed())
        + " ("
        + Units.rate(progress.bytesPerSecond())
        + ")";
  }
}
