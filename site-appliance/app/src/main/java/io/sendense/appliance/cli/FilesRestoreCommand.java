package io.sendense.appliance.cli;

import io.sendense.connectors.libvirt.LibvirtAgent;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.state.JobLocks;
import io.sendense.engine.state.StateStore;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.Lookup;
import io.sendense.recovery.inplace.InPlace;
import io.sendense.recovery.inplace.Placing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts a file or a folder of a point back into a running guest. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description = {
      "Puts a file, or a folder with all in it, back into a running Linux guest, through QEMU's agent",
      "in it: sent beside its place, unpacked and compared there, and only then moved to it.",
      "Nothing that is there is overwritten unless that is asked for."
    })
final class FilesRestoreCommand implements Callable<Integer> {
  private static final long MEBIBYTE = 1 << 20;

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin GuestOption guest = new GuestOption();
  @Mixin KvmHostOption host = new KvmHostOption();

  @Option(
      names = "--path",
      required = true,
      paramLabel = "P",
      description = "In the point, from the file system's root.")
  String path = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FOLDER",
      description = "In the guest, from its root: the folder that it goes into.")
  String to = "";

  @Option(
      names = "--into",
      paramLabel = "NAME",
      description = "The running machine; without it the one that --vm names.")
  @Nullable String into;

  @ArgGroup @Nullable Existing existing;

  @Option(
      names = "--most-mib",
      paramLabel = "N",
      description = "Send no more than this; default: 4096.")
  int mostMebibytes = 4096;

  @Option(
      names = "--rate-mib",
      paramLabel = "N",
      description = "MiB a second on average; without it as fast as the agent takes them.")
  int rateMebibytes;

  /** What happens with what is there. */
  static final class Existing {
    @Option(
        names = "--overwrite",
        description = "Replace a file that is there; a folder is set aside as NAME.replaced-TIME.")
    boolean overwrite;

    @Option(
        names = "--keep-both",
        description = "Where something is there, put it beside as NAME.restored-TIME.")
    boolean keepBoth;
  }

  FilesRestoreCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    String machine = machine();
    if (mostMebibytes < 1 || rateMebibytes < 0) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "--most-mib and --rate-mib are counts", "Give positive ones.");
    }
    try (LibvirtAgent agent = LibvirtAgent.open(host.uri(), machine, KvmHostOption.DEADLINE);
        StateStore state = common.openState(surroundings);
        JobLocks.Held _ =
            state
                .locks()
                .take(
                    "files into " + agent.uuid(),
                    "files are being restored into this machine already: " + machine);
        OpenGuest open = OpenGuest.open(surroundings, common, guest);
        FilesProgress progress = FilesProgress.start(surroundings, "sent")) {
      GuestVolume volume = open.volume(guest);
      GuestFileSystem system = OpenGuest.fileSystem(volume);
      system.notes().forEach(note -> progress.warn(volume.name() + ": " + note));
      GuestFile file = new Lookup(system).find(path, false);
      InPlace inPlace =
          new InPlace(
              agent::ask,
              new GuestRemains(state.ownerRecords(), agent.uuid()),
              new InPlace.Settings(
                  to,
                  placing(),
                  mostMebibytes * MEBIBYTE,
                  rateMebibytes * MEBIBYTE,
                  surroundings.random().nextLong(),
                  surroundings.clock().instant()));
      InPlace.Outcome outcome = inPlace.restore(name(), file, progress);
      progress.end();
      report(open, volume, machine, outcome, progress);
    }
    return 0;
  }

  private void report(
      OpenGuest open,
      GuestVolume volume,
      String machine,
      InPlace.Outcome outcome,
      FilesProgress progress) {
    outcome.notes().forEach(progress::warn);
    outcome.copied().losses().failures().forEach(text -> progress.warn("not restored: " + text));
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("point", open.point().id().toString());
      document.put("volume", volume.name());
      document.put("path", path);
      document.put("machine", machine);
      document.put("place", outcome.place());
      if (!outcome.aside().isEmpty()) {
        document.put("setAside", outcome.aside());
      }
      document.put("files", outcome.copied().files());
      document.put("directories", outcome.copied().directories());
      document.put("bytesSent", outcome.sent());
      document.put("durationSeconds", progress.elapsed().toMillis() / 1000.0);
      document.put("failed", outcome.copied().losses().count());
      document.put("failures", List.copyOf(outcome.copied().losses().failures()));
      surroundings.out().println(Json.text(document));
    } else {
      surroundings.out().println(text(machine, outcome, progress));
    }
    if (outcome.copied().losses().count() > 0) {
      throw new SendenseException(
          ErrorCode.GUEST_DAMAGED,
          outcome.copied().losses().count()
              + " files could not be restored; the first are named above",
          "The others are complete.");
    }
  }

  private static String text(String machine, InPlace.Outcome outcome, FilesProgress progress) {
    String what =
        outcome.copied().directories() == 0
            ? "1 file"
            : outcome.copied().files() + " files in " + outcome.copied().directories() + " folders";
    return what
        + " restored to "
        + outcome.place()
        + " of "
        + machine
        + " and compared there: "
        + Units.bytes(outcome.sent())
        + " sent, in "
        + Units.duration(progress.elapsed())
        + (outcome.aside().isEmpty() ? "" : "; what was there is now " + outcome.aside());
  }

  private String machine() {
    String name = into == null ? guest.point.vm : into;
    if (name == null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "no machine is named", "Add --into NAME or --vm NAME.");
    }
    return name;
  }

  private Placing placing() {
    Existing chosen = existing;
    if (chosen == null) {
      return Placing.NEW;
    }
    return chosen.overwrite ? Placing.OVERWRITE : Placing.KEEP_BOTH;
  }

  private GuestName name() {
    String trimmed = path.replaceFirst("/+$", "");
    GuestName last = GuestName.of(trimmed.substring(trimmed.lastIndexOf('/') + 1));
    if (!last.safe()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "--path " + path + " names nothing that could be put into a folder",
          "Name a file or a folder below the root.");
    }
    return last;
  }

  /** Folders of ours in one guest, among the owner records. */
  private record GuestRemains(OwnerRecords records, String uuid)
      implements io.sendense.recovery.inplace.Remains {
    private static final String KIND = "guest-folder";

    private String source() {
      return "guest " + uuid;
    }

    @Override
    public void add(String folder) {
      records.add(new OwnerRecords.Resource(source(), KIND, folder));
    }

    @Override
    public void remove(String folder) {
      records.remove(new OwnerRecords.Resource(source(), KIND, folder));
    }

    @Override
    public List<String> all() {
      return records.list(source()).stream().map(OwnerRecords.Resource::name).toList();
    }
  }
}
