package io.sendense.connectors.cloudstack;

import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;

/**
 * How machines are captured on a KVM host below CloudStack: given by the app, which knows the
 * connector for that and how each host is reached.
 */
public interface KvmHosts {
  /**
   * A host as CloudStack shows it.
   *
   * @param name of it in CloudStack
   * @param address by which CloudStack reaches it
   */
  record KvmHost(String id, String name, String address) {}

  /**
   * The source half for one domain.
   *
   * @param domain its UUID, which CloudStack makes that of its machine
   * @throws io.sendense.domain.SendenseException BAD_ARGUMENT where it is not known how this host
   *     is reached
   */
  SourceConnector source(KvmHost host, String domain, OwnerRecords records);
}
