package io.sendense.appliance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.testkit.Peers;
import io.sendense.testkit.guest.GuestServers;
import io.sendense.testkit.guest.ServingGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest that boots by UEFI and really runs the servers that the checks are about. */
@Tag("server")
class ProveServersTest {
  @TempDir(factory = io.sendense.testkit.ShortTempDir.class)
  private Path folder;

  private final ServingGuest guest;

  ProveServersTest() {
    for (String tool : new String[] {"qemu-system-x86_64", "qemu-img", "setpriv", "prlimit"}) {
      Peers.require(tool);
    }
    if (!Files.exists(Path.of("/usr/share/OVMF/OVMF_CODE_4M.fd"))) {
      Peers.require("ovmf (a Debian package)");
    }
    guest = ServingGuest.build(Path.of("target", "serving-guest"));
  }

  @Test
  void aUefiGuestIsProvedByWhatItsServersSayInTheirOwnProtocols() throws IOException {
    // The servers' data is made by an unprivileged user.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    InProcess cli = new InProcess(folder);
    cli.run("repository", "init", cli.repository()).succeeded();
    Path content = Files.createDirectories(folder.resolve("content"));
    GuestServers.put(content, Path.of("target", "serving-guest"));
    Path disk = folder.resolve("disk");
    guest.disk(disk, content, 320, "");
    cli.on("backup", "--vm", "servers", "--disk", disk).succeeded();
    InProcess.Result result =
        cli.run(
            "prove",
            "--repository",
            cli.repository(),
            "--vm",
            "servers",
            "--to",
            folder.resolve("proofs"),
            "--work",
            folder.resolve("work"),
            "--firmware",
            "uefi",
            "--memory",
            "768",
            "--processors",
            "2",
            "--check",
            "boot:text=booted by UEFI",
            "--check",
            "agent",
            "--check",
            "app:postgresql;within=40",
            "--check",
            "app:mariadb",
            "--check",
            "app:nginx",
            "--check",
            "app:postgresql:3306;within=2;optional",
            "--check",
            "fs");
    assertThat(result.succeeded().out())
        .containsPattern("boot:text=booted by UEFI +PASSED")
        .containsPattern("agent +PASSED")
        .containsPattern("app:postgresql\\S+ +PASSED .* PostgreSQL")
        .containsPattern("app:mariadb +PASSED .* the server answers: .*MariaDB")
        .containsPattern("app:nginx +PASSED")
        .containsPattern("app:postgresql:3306\\S* +(TEST_FAILED|PORT_CHECK_FAILED)")
        .containsPattern("fs +PASSED")
        .contains("PROVED: ");
  }
}
