package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What to do about a libvirt that did not take a connection. Its own texts are translated and say
 * little, so its sockets are looked at; those of the one daemon for everything and of the modular
 * one for QEMU.
 */
record ConnectFailure(ErrorCode code, String remedy) {
  private static final List<Path> SYSTEM =
      List.of(Path.of("/run/libvirt/libvirt-sock"), Path.of("/run/libvirt/virtqemud-sock"));

  static SendenseException of(LibvirtUri uri, SendenseException e) {
    ConnectFailure found = of(uri, e.code(), Files::exists, Files::isWritable);
    return new SendenseException(
        found.code(), String.valueOf(e.getMessage()), found.remedy(), e.getCause());
  }

  static ConnectFailure of(
      LibvirtUri uri, ErrorCode code, Predicate<Path> isThere, Predicate<Path> isWritable) {
    if (code == ErrorCode.UNAUTHENTICATED || code == ErrorCode.FORBIDDEN) {
      return new ConnectFailure(
          code,
          uri.isLocal()
              ? "Put this user into the group libvirt, or run as root; with polkit, allow it"
                  + " org.libvirt.unix.manage."
              : "See that this certificate or user is allowed on that host: virsh -c '"
                  + uri.text()
                  + "' list");
    }
    List<Path> sockets = uri.socket().map(List::of).orElse(uri.isSystem() ? SYSTEM : List.of());
    if (!uri.isLocal() || sockets.isEmpty()) {
      return new ConnectFailure(
          ErrorCode.SOURCE_UNREADABLE,
          "See that libvirt runs there and that this user may connect: virsh -c '"
              + uri.text()
              + "' list");
    }
    Optional<Path> there = sockets.stream().filter(isThere).findFirst();
    if (there.isEmpty()) {
      return new ConnectFailure(
          ErrorCode.SOURCE_UNREADABLE,
          "There is no "
              + String.join(" or ", sockets.stream().map(Path::toString).toList())
              + ": start libvirtd, or virtqemud where libvirt is modular (systemctl start"
              + " libvirtd.socket or virtqemud.socket), or name its socket with ?socket=PATH.");
    }
    if (!isWritable.test(there.get())) {
      return new ConnectFailure(
          ErrorCode.FORBIDDEN,
          "This user may not write to "
              + there.get()
              + ": put it into the group of that socket (Debian: usermod -aG libvirt USER, then log"
              + " in again), or run as root.");
    }
    return new ConnectFailure(
        ErrorCode.SOURCE_UNREADABLE,
        "Nobody answers at " + there.get() + ": start libvirt again and look at its log.");
  }
}
