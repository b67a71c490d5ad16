package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As whom a system daemon runs QEMU, by its capabilities (libvirt: formatcaps, secmodel dac). */
final class QemuUser {
  private static final Pattern LABEL = Pattern.compile("\\+([0-9]{1,9}):\\+[0-9]{1,9}");

  private QemuUser() {}

  /**
   * Gives a file to the user of the host's QEMU. One of a session does not say who that is; its
   * QEMU runs as whoever owns the folder of its images.
   *
   * @throws SendenseException FORBIDDEN
   */
  static void give(Libvirt libvirt, Path folder, Path file) {
    try {
      int user = of(libvirt).orElse((Integer) Files.getAttribute(folder, "unix:uid"));
      if ((Integer) Files.getAttribute(file, "unix:uid") != user) {
        Files.setAttribute(file, "unix:uid", user);
      }
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          file + " cannot be given to the user of libvirt's QEMU: " + e.getMessage(),
          "Run this command as root or as that user.",
          e);
    }
  }

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
