package io.sendense.connectors.libvirt;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As whom a system daemon runs QEMU, by its capabilities (libvirt: formatcaps, secmodel dac). */
final class QemuUser {
  private static final Pattern LABEL = Pattern.compile("\\+([0-9]{1,9}):\\+[0-9]{1,9}");

  private QemuUser() {}

  /** Empty for a daemon that labels nothing: its QEMU runs as itself. */
  static Optional<Integer> of(Libvirt libvirt) {
    return Xml.child(Xml.parse("the capabilities of a host", libvirt.capabilities()), "host")
        .stream()
        .flatMap(host -> Xml.children(host, "secmodel").stream())
        .filter(model -> Xml.text(model, "model").equals("dac"))
        .flatMap(model -> Xml.children(model, "baselabel").stream())
        .map(label -> LABEL.matcher(label.getTextContent().strip()))
        .filter(Matcher::matches)
        .map(found -> Integer.parseInt(found.group(1)))
        .findFirst();
  }
}
