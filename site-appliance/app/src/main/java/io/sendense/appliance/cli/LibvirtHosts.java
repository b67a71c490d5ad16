package io.sendense.appliance.cli;

import io.sendense.connectors.cloudstack.KvmHosts;
import io.sendense.connectors.libvirt.LibvirtSource;
import io.sendense.connectors.libvirt.LibvirtUri;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.Map;

/**
 * The KVM hosts of a CloudStack, each captured through its libvirt.
 *
 * @param uris of libvirt, by a host's name or address in CloudStack
 * @param capture as for any machine of libvirt; its scratch folder has one path on every host
 * @param owner tells our checkpoints from those of another chain
 */
record LibvirtHosts(
    Map<String, String> uris, KvmCaptureOption capture, String owner, Surroundings surroundings)
    implements KvmHosts {

  @Override
  public SourceConnector source(KvmHost host, String domain, OwnerRecords records) {
    String uri = uris.getOrDefault(host.name(), uris.getOrDefault(host.address(), ""));
    if (uri.isEmpty()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "it is not known how the libvirt of host "
              + host.name()
              + " ("
              + host.address()
              + ") is reached",
          "Add --host " + host.name() + "=LIBVIRT_URI.");
    }
    return new LibvirtSource(
        capture.options(LibvirtUri.parse(uri), domain, owner),
        records,
        surroundings.clock(),
        surroundings.random());
  }
}
