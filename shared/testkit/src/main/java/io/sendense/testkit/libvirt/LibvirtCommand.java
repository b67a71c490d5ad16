package io.sendense.testkit.libvirt;

import io.sendense.testkit.Peers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the daemon of a folder is started: as whom, and with which folders of its own. */
record LibvirtCommand(Path folder, boolean root, boolean system) {
  /** As postgres and qemu images of Debian have it: nobody, who exists everywhere. */
  static final String NOBODY = "65534";

  /** Debian's libvirt wants its user, whoever its machines belong to. */
  private static final String OWN_FOLDERS =
      """
      set -e
      mount -t tmpfs none /var
      mkdir -p /var/lib/libvirt /var/cache /var/log /etc/libvirt /run/libvirt
      mount --bind "$0/v" /var/lib/libvirt
      mount --bind "$0/c/libvirt" /etc/libvirt
      mount --bind "$0/r/libvirt" /run/libvirt
      for file in passwd group; do
        { cat "/etc/$file"; echo "libvirt-qemu:x:64055:"; } > "$0/$file"
      done
      sed -i '$s|$|64055::/nonexistent:/bin/false|' "$0/passwd"
      mount --bind "$0/passwd" /etc/passwd
      mount --bind "$0/group" /etc/group
      # Where it is there and does not work, finding that out takes 45 seconds.
      if [ -e /dev/kvm ]; then install -m 600 /dev/null "$0/kvm"; mount --bind "$0/kvm" /dev/kvm; fi
      exec "$@"
      """;

  List<String> words(LibvirtHost host) {
    List<String> command = new ArrayList<>();
    if (system) {
      command.addAll(
          List.of(
              Peers.require("unshare").toString(),
              "--mount",
              "--net",
              "sh",
              "-c",
              OWN_FOLDERS,
              folder.toString()));
    }
    if (host.name().isPresent()) {
      Peers.requireRoot("a host name of its own");
      command.addAll(
          List.of(
              Peers.require("unshare").toString(),
              "--uts",
              "sh",
              "-c",
              "hostname \"$0\" && exec \"$@\"",
              host.name().get()));
    }
    if (root && !system) {
      command.addAll(
          List.of(
              Peers.require("setpriv").toString(),
              "--reuid=" + NOBODY,
              "--regid=" + NOBODY,
              "--clear-groups"));
    }
    command.addAll(
        List.of(
            Peers.require("libvirtd").toString(),
            "-f",
            folder.resolve("libvirtd.conf").toString(),
            "-p",
            folder.resolve("pid").toString()));
    if (host.tlsPort() > 0) {
      command.add("--listen");
    }
    return command;
  }
}
