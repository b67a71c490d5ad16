package io.sendense.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A real sshd on the loopback device with keys of its own. Its clients run in a mount namespace in
 * which ssh's configuration names these keys, so nothing of this machine's user is touched; that,
 * and sshd itself, take root.
 */
public final class SshServer implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Path folder;
  private final int port;
  private final ChildProcess sshd;

  private SshServer(Path folder, int port, ChildProcess sshd) {
    this.folder = folder;
    this.port = port;
    this.sshd = sshd;
  }

  /**
   * Starts it; a missing program skips the test, or fails it where CI=true.
   *
   * @param folder for its keys and files
   */
  public static SshServer start(Path folder) {
    String program = Peers.require("sshd").toString();
    for (String tool : List.of("ssh", "ssh-keygen", "unshare", "nc")) {
      Peers.require(tool);
    }
    Peers.requireRoot("a mount namespace");
    int port = Ports.claim(0, "sshd");
    try {
      Files.createDirectories(folder);
      // Where it gives up its rights; usually made by the service's unit.
      Files.createDirectories(Path.of("/run/sshd"));
      for (String key : List.of("host", "user")) {
        ChildProcess.run(
                SOON, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/" + key)
            .orFail();
      }
      Files.writeString(
          folder.resolve("sshd.conf"),
          """
          HostKey %1$s/host
          PidFile none
          AuthorizedKeysFile %1$s/user.pub
          StrictModes no
          UsePAM no
          PasswordAuthentication no
          PermitRootLogin prohibit-password
          ListenAddress 127.0.0.1
          Port %2$d
          """
              .formatted(folder, port));
      Files.writeString(
          folder.resolve("known"),
          "[localhost]:" + port + " " + Files.readString(folder.resolve("host.pub")));
      Files.writeString(
          folder.resolve("ssh_config"),
          "Host *\n UserKnownHostsFile %1$s/known\n StrictHostKeyChecking yes\n IdentityFile %1$s/user\n"
              .formatted(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildProcess sshd =
        ChildProcess.start(program, "-D", "-e", "-f", folder.resolve("sshd.conf").toString());
    sshd.awaitPort(port, SOON);
    return new SshServer(folder, port, sshd);
  }

  public int port() {
    return port;
  }

  /** The same command where its ssh knows this server and has a key for it. */
  public List<String> client(List<String> command) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/ssh/ssh_config && exec \"$@\"",
                folder.resolve("ssh_config").toString()));
    all.addAll(command);
    return all;
  }

  @Override
  public void close() {
    sshd.close();
  }
}
