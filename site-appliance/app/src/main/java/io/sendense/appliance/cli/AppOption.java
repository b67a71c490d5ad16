package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.FileSystems;
import io.sendense.recovery.apps.ApplicationItems;
import io.sendense.recovery.apps.DataSearch;
import io.sendense.recovery.apps.FoundData;
import io.sendense.recovery.apps.OpenData;
import io.sendense.recovery.disk.GuestVolume;
import io.sendense.recovery.work.WorkPlace;
import io.sendense.recovery.work.WorkPlaces;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Names an application's data in a point. */
final class AppOption {
  @Mixin GuestOption guest = new GuestOption();

  @Option(names = "--app", paramLabel = "NAME", description = "postgresql or mysql (also MariaDB).")
  @Nullable String application;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The data's folder in the guest, where there are several.")
  @Nullable String data;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "For the copy of the data and the throw-away server.")
  Path work = WorkPlaces.usual();

  @Option(
      names = "--at-once",
      paramLabel = "N",
      description = "Servers and machines of this host that may run at once. Default: 2.")
  int atOnce = 2;

  /** All data of known applications in the point that fits the options. */
  List<FoundData> find(OpenGuest open) {
    List<FoundData> found = new ArrayList<>();
    DataSearch search = new DataSearch(AppCommand.KNOWN);
    for (GuestVolume volume : open.volumes()) {
      String wanted = guest.volume;
      if ((wanted == null || wanted.equals(volume.name()))
          && FileSystems.readable(volume.source())) {
        found.addAll(search.find(volume.name(), OpenGuest.fileSystem(volume)));
      }
    }
    return found.stream()
        .filter(one -> application == null || one.application().equals(application()))
        .filter(one -> data == null || one.path().equals(data))
        .toList();
  }

  /** The one that is meant. */
  FoundData one(OpenGuest open) {
    List<FoundData> found = find(open);
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new SendenseException(
        found.isEmpty() ? ErrorCode.NOT_FOUND : ErrorCode.BAD_ARGUMENT,
        found.isEmpty()
            ? "no data of a known application was found"
            : "there are several: "
                + String.join(", ", found.stream().map(one -> one.path()).toList()),
        found.isEmpty()
            ? "Known are postgresql and mysql; a data folder deeper than six levels is not found."
            : "Name one with --app, --volume or --data.");
  }

  OpenData open(OpenGuest open, FoundData found, WorkPlace place) {
    ApplicationItems items =
        AppCommand.KNOWN.stream()
            .filter(one -> one.name().equals(found.application()))
            .findFirst()
            .orElseThrow();
    GuestVolume volume =
        open.volumes().stream()
            .filter(one -> one.name().equals(found.volume()))
            .findFirst()
            .orElseThrow();
    return items.open(found, OpenGuest.fileSystem(volume), place);
  }

  WorkPlaces places() {
    return new WorkPlaces(work, atOnce);
  }

  private String application() {
    String given = application == null ? "" : application;
    String name = given.equals("mariadb") ? "mysql" : given;
    if (AppCommand.KNOWN.stream().noneMatch(one -> one.name().equals(name))) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the application \"" + given + "\" is not known",
          "Known are postgresql and mysql.");
    }
    return name;
  }
}
