package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach and treat one machine.
 *
 * @param uuid of the machine
 * @param scratchFolder on the host of QEMU, for old blocks that the guest overwrites during a
 *     capture, and on this machine also for the NBD socket; libvirt and QEMU must be able to write
 *     there
 * @param owner tells our checkpoints from those of another chain of points of the same machine; the
 *     same in every capture of a chain, 1 to 24 of a-z, 0-9 and hyphen
 * @param freezing whether the guest's agent is asked to let its file systems stand still
 * @param scratchFloorBytes free space of the scratch folder below which a capture is ended: a full
 *     one would fail the guest's writes. Twice as much must be free to begin
 * @param tls where QEMU serves the disks of another host; required for those that are not reached
 *     by ssh, which leads to a socket in the scratch folder otherwise
 * @param callDeadline for each call to libvirt
 * @param nbdConnections that the reader of each disk may use
 * @param ceph how disks on Ceph are asked for their changes; without, they are compared in full
 */
public record LibvirtSourceOptions(
    LibvirtUri uri,
    String uuid,
    Path scratchFolder,
    String owner,
    Freezing freezing,
    long scratchFloorBytes,
    Optional<Tls> tls,
    Duration callDeadline,
    int nbdConnections,
    Optional<Ceph> ceph) {

  /** Of a unix socket's path, on Linux; its last byte is a zero. */
  private static final int MAX_SOCKET_PATH_BYTES = 107;

  /**
   * An NBD server with TLS and client certificates.
   *
   * @param host as its certificate names it
   * @param certificates folder with ca-cert.pem, client-cert.pem and client-key.pem
   */
  public record Tls(String host, int port, Path certificates) {}

  /**
   * A Ceph cluster as its own programs reach it.
   *
   * @param configuration such as {@code /etc/ceph/ceph.conf}, which names the keyring
   * @param user without {@code client.}
   */
  public record Ceph(Path configuration, String user) {}

  public LibvirtSourceOptions {
    if (!owner.matches("[a-z0-9-]{1,24}")) {
      throw bad("\"" + owner + "\" cannot name the owner of checkpoints");
    }
    if (!scratchFolder.isAbsolute()) {
      throw bad("the scratch folder " + scratchFolder + " is no absolute path");
    }
    if (scratchFloorBytes < 0 || nbdConnections < 1 || nbdConnections > 16) {
      throw bad("negative scratch space, or not 1 to 16 connections");
    }
    if (!callDeadline.isPositive()) {
      throw bad("the deadline is not positive");
    }
    if (!uri.isLocal() && !uri.isSsh() && tls.isEmpty()) {
      throw bad("the disks of a host other than this one are read by TLS, and none was set up");
    }
    if (ceph.filter(it -> !it.user().matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")).isPresent()) {
      throw bad("\"" + ceph.get().user() + "\" is no user of Ceph");
    }
    int length =
        scratchFolder.resolve("sd-00000000.nbd").toString().getBytes(StandardCharsets.UTF_8).length;
    if (tls.isEmpty() && length > MAX_SOCKET_PATH_BYTES) {
      throw bad("the scratch folder's path is too long for a unix socket in it: " + scratchFolder);
    }
  }

  /** Defaults: frozen where the guest can, 128 MiB floor, 60 s per call, 4 connections. */
  public static LibvirtSourceOptions of(
      LibvirtUri uri, String uuid, Path scratchFolder, String owner) {
    return of(uri, uuid, scratchFolder, owner, Optional.empty());
  }

  /** The same for a host that may need TLS. */
  public static LibvirtSourceOptions of(
      LibvirtUri uri, String uuid, Path scratchFolder, String owner, Optional<Tls> tls) {
    return new LibvirtSourceOptions(
        uri,
        uuid,
        scratchFolder,
        owner,
        Freezing.AUTO,
        128L << 20,
        tls,
        Duration.ofSeconds(60),
        4,
        Optional.empty());
  }

  public LibvirtSourceOptions withScratchFloorBytes(long value) {
    return new LibvirtSourceOptions(
        uri, uuid, scratchFolder, owner, freezing, value, tls, callDeadline, nbdConnections, ceph);
  }

  public LibvirtSourceOptions withTls(Tls value) {
    return new LibvirtSourceOptions(
        uri,
        uuid,
        scratchFolder,
        owner,
        freezing,
        scratchFloorBytes,
        Optional.of(value),
        callDeadline,
        nbdConnections,
        ceph);
  }

  public LibvirtSourceOptions withFreezing(Freezing value) {
    return new LibvirtSourceOptions(
        uri,
        uuid,
        scratchFolder,
        owner,
        value,
        scratchFloorBytes,
        tls,
        callDeadline,
        nbdConnections,
        ceph);
  }

  public LibvirtSourceOptions withCeph(Optional<Ceph> value) {
    return new LibvirtSourceOptions(
        uri,
        uuid,
        scratchFolder,
        owner,
        freezing,
        scratchFloorBytes,
        tls,
        callDeadline,
        nbdConnections,
        value);
  }

  Optional<Rbd> rbd() {
    return ceph.map(it -> new Rbd(it.configuration(), it.user(), callDeadline));
  }

  /** Under which the owner records of this machine are kept. */
  public String sourceName() {
    return "libvirt:" + uri.text() + "#" + uuid;
  }

  private static SendenseException bad(String what) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what, "Correct the source's settings.");
  }
}
