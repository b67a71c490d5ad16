package io.sendense.appliance.cli;

import io.sendense.connectors.libvirt.LibvirtInventory;
import io.sendense.connectors.libvirt.LibvirtUri;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which libvirt is meant. */
final class KvmHostOption {
  /** For each call to libvirt; the first one to a fresh daemon probes QEMU for some seconds. */
  static final Duration DEADLINE = Duration.ofSeconds(60);

  @Option(
      names = "--uri",
      required = true,
      paramLabel = "LIBVIRT_URI",
      description =
          "qemu:///system, qemu:///session, either with ?socket=PATH, qemu+ssh://USER@HOST/system"
              + " or qemu+tls://HOST/system.")
  String text = "";

  LibvirtUri uri() {
    return LibvirtUri.parse(text);
  }

  LibvirtInventory inventory() {
    return new LibvirtInventory(uri(), DEADLINE);
  }
}
