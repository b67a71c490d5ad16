package io.sendense.connectors.kvm;

import io.sendense.connectors.spi.ChangeSet;
import io.sendense.connectors.spi.DiskReader;
import java.nio.file.Path;
import java.util.Optional;

/** Opens an NBD export that QEMU offers on a unix socket. */
interface ExportOpener {
  /**
   * @param bitmap whose ranges are wanted; with none the changes are {@code reason}'s
   */
  Opened open(Path socket, String export, Optional<String> bitmap, String reason);

  /** The disk's bytes and what changed in them. */
  record Opened(DiskReader reader, ChangeSet changes) {}
}
