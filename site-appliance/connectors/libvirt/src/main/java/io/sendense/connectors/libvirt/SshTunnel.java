package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Leads a socket of this machine to one on the host of QEMU, by the ssh that libvirt itself uses:
 * with this user's keys and known hosts, never asking anybody. Its folder is for this user only.
 */
final class SshTunnel implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(10);
  private static final int LONGEST_WORDS = 500;

  private final Path folder;
  private final Process ssh;

  private SshTunnel(Path folder, Process ssh) {
    this.folder = folder;
    this.ssh = ssh;
  }

  /**
   * @param there need not be there yet
   * @throws SendenseException SOURCE_UNREADABLE with ssh's own words, MISSING_TOOL,
   *     DEADLINE_EXCEEDED
   */
  static SshTunnel open(LibvirtUri uri, Path there, Duration deadline) {
    SshTunnel tunnel = start(uri, there);
    try {
      Pause.until(
          "the tunnel to " + uri.sshDestination(),
          deadline,
          () -> Files.exists(tunnel.socket()) || !tunnel.ssh.isAlive());
      if (!tunnel.ssh.isAlive()) {
        throw new SendenseException(
            ErrorCode.SOURCE_UNREADABLE,
            "ssh to " + uri.sshDestination() + " ended: " + tunnel.words(),
            "See that this works without asking anything: ssh " + uri.sshDestination() + " true");
      }
      return tunnel;
    } catch (RuntimeException e) {
      tunnel.close();
      throw e;
    }
  }

  private static SshTunnel start(LibvirtUri uri, Path there) {
    try {
      Path folder =
          Files.createTempDirectory(
              Path.of("/tmp"),
              "sd",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      List<String> command =
          new ArrayList<>(
              List.of(
                  "ssh",
                  "-N",
                  "-T",
                  "-o",
                  "BatchMode=yes",
                  "-o",
                  "ExitOnForwardFailure=yes",
                  "-o",
                  "ControlMaster=no",
                  "-o",
                  "ServerAliveInterval=5",
                  "-L",
                  folder.resolve("nbd") + ":" + there));
      command.addAll(uri.sshOptions());
      command.addAll(List.of("--", uri.sshDestination()));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectInput(Path.of("/dev/null").toFile());
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.redirectError(folder.resolve("words").toFile());
      return new SshTunnel(folder, builder.start());
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          "ssh could not be started: " + e.getMessage(),
          "Install it (Debian: apt install openssh-client).",
          e);
    }
  }

  /** Where it begins, on this machine. */
  Path socket() {
    return folder.resolve("nbd");
  }

  private String words() {
    try {
      String text = Files.readString(folder.resolve("words"), StandardCharsets.ISO_8859_1).strip();
      return text.substring(Math.max(0, text.length() - LONGEST_WORDS));
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Override
  public void close() {
    ssh.destroy();
    try {
      if (!ssh.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        ssh.destroyForcibly();
      }
      Files.deleteIfExists(socket());
      Files.deleteIfExists(folder.resolve("words"));
      Files.deleteIfExists(folder);
    } catch (InterruptedException e) {
      ssh.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL,
          "the tunnel's folder " + folder + " cannot be removed: " + e.getMessage(),
          "Remove it by hand; nothing uses it any more.",
          e);
    }
  }
}
