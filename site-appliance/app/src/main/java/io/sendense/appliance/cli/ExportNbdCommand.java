package io.sendense.appliance.cli;

import io.sendense.nbd.NbdServer;
import io.sendense.nbd.NbdServerOptions;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.StoredDisk;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves one disk of a point, read-only, until SIGINT or SIGTERM. */
@Command(
    name = "export-nbd",
    mixinStandardHelpOptions = true,
    description = {
      "Serves one disk of a point over NBD on a unix socket, read-only, until SIGINT or SIGTERM.",
      "The one line on standard output is written when clients can connect."
    })
final class ExportNbdCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin PointOption point = new PointOption();

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "R",
      description = "Its directory or URL.")
  String repository = "";

  @Option(names = "--disk", required = true, paramLabel = "N", description = "Number or name.")
  String disk = "";

  @Option(names = "--socket", required = true, paramLabel = "PATH", description = "Its path.")
  Path socket = Path.of("");

  ExportNbdCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (Interrupts _ = Interrupts.onSignal(ended::countDown);
        OpenPoints open = OpenPoints.open(surroundings, common, repository)) {
      RestorePoint found = point.find(open.repository());
      try (PointReader reader = open.repository().read(found.id())) {
        StoredDisk stored = reader.disk(Disks.index(found, disk));
        try (NbdServer server =
            NbdServer.start(
                NbdServerOptions.unix(socket.toAbsolutePath()),
                Map.of("", new StoredDiskExport(stored)))) {
          announce(server.uri("").toString(), found, stored);
          ended.await();
        }
      }
    }
    return 0;
  }

  private void announce(String uri, RestorePoint found, StoredDisk stored) {
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("uri", uri);
      document.put("point", found.id().toString());
      document.put("disk", stored.name());
      document.put("sizeBytes", stored.sizeBytes());
      surroundings.out().println(Json.text(document));
    } else {
      surroundings.out().println("serving disk " + stored.name() + " at " + uri);
    }
    surroundings.out().flush();
  }
}
