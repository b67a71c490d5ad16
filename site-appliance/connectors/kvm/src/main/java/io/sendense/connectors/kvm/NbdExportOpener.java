package io.sendense.connectors.kvm;

import io.sendense.connectors.nbd.NbdDiskReader;
import io.sendense.connectors.spi.ChangeSet;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdUri;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the exports with our NBD client. */
final class NbdExportOpener implements ExportOpener {
  private static final String CONTEXT = "qemu:dirty-bitmap:";

  private final int connections;

  NbdExportOpener(int connections) {
    this.connections = connections;
  }

  @Override
  public Opened open(Path socket, String export, Optional<String> bitmap, String reason) {
    NbdClientOptions options =
        NbdClientOptions.defaults()
            .withConnections(connections)
            .withContexts(bitmap.map(name -> List.of(CONTEXT + name)).orElse(List.of()));
    NbdDiskReader reader = NbdDiskReader.open(NbdUri.unix(socket, export), options);
    try {
      return new Opened(
          reader,
          bitmap
              .map(name -> changes(reader, name))
              .orElseGet(() -> new ChangeSet.Untracked(reason)));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static ChangeSet changes(NbdDiskReader reader, String bitmap) {
    return switch (reader.changedRanges(CONTEXT + bitmap)) {
      case ChangeSet.Tracked tracked -> new ChangeSet.Tracked(bitmap, tracked.ranges());
      case ChangeSet.Untracked untracked ->
          throw new SendenseException(
              ErrorCode.SOURCE_PROTOCOL,
              "QEMU was asked to export it, but: " + untracked.reason(),
              "");
    };
  }
}
