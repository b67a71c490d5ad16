package io.sendense.appliance.daemon;

import io.sendense.connectors.spi.SourceConnector;

/** Chooses the connector that reads a configured machine. */
interface Sources {
  /**
   * @param location of the repository that the source's baselines belong to
   */
  SourceConnector of(DaemonConfig.VmEntry entry, String location);
}
