package io.sendense.appliance.cli;

import io.sendense.connectors.libvirt.LibvirtAgent;
import io.sendense.connectors.libvirt.LibvirtUri;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a test does in a guest through its agent. */
final class AgentShell {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final Pattern LIBRARY = Pattern.compile("=> (/\\S+)");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PIECE = 96 << 10;

  private final LibvirtServer server;
  private final String machine;

  AgentShell(LibvirtServer server, String machine) {
    this.server = server;
    this.machine = machine;
  }

  /** What a program wrote, both its outputs; how it ended does not matter. */
  String run(String program, String... arguments) {
    return new String(bytes(program, arguments), StandardCharsets.UTF_8);
  }

  private byte[] bytes(String program, String... arguments) {
    ObjectNode asked = JSON.createObjectNode().put("path", program).put("capture-output", true);
    var list = asked.putArray("arg");
    Arrays.stream(arguments).forEach(list::add);
    JsonNode begun = ask("guest-exec", asked);
    ObjectNode status = JSON.createObjectNode().put("pid", begun.get("pid").asLong());
    JsonNode[] last = new JsonNode[1];
    server.await(
        program + " in " + machine,
        DEADLINE,
        () -> {
          last[0] = ask("guest-exec-status", status);
          return last[0].get("exited").asBoolean();
        });
    return Base64.getDecoder().decode(last[0].path("out-data").asString(""));
  }

  /** The host's own tar, because busybox's keeps too little. */
  void installTar() {
    run("rm", "/bin/tar");
    Path tar = Path.of("/bin/tar");
    put(tar, "/bin/tar");
    run("chmod", "755", "/bin/tar");
    Matcher libraries =
        LIBRARY.matcher(ChildProcess.run(DEADLINE, "ldd", tar.toString()).orFail().stdout());
    while (libraries.find()) {
      Path library = Path.of(libraries.group(1));
      String place = "/lib/" + library.getFileName();
      if (!run("ls", place).strip().equals(place)) {
        put(library, place);
      }
    }
  }

  /** A folder of the guest, unpacked beside the archive. */
  Path fetch(String guestFolder, Path archive) {
    run(
        "tar",
        "--acls",
        "--xattrs",
        "--numeric-owner",
        "-czf",
        "/run/fetched",
        "-C",
        guestFolder,
        ".");
    try (var out = Files.newOutputStream(archive)) {
      ObjectNode open = JSON.createObjectNode().put("path", "/run/fetched").put("mode", "rb");
      long handle = ask("guest-file-open", open).asLong();
      boolean more = true;
      while (more) {
        JsonNode part =
            ask(
                "guest-file-read",
                JSON.createObjectNode().put("handle", handle).put("count", PIECE));
        out.write(Base64.getDecoder().decode(part.path("buf-b64").asString("")));
        more = !part.path("eof").asBoolean();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Path into = archive.resolveSibling("fetched");
    try {
      Files.createDirectory(into);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildProcess.run(
            DEADLINE,
            "tar",
            "--acls",
            "--xattrs",
            "--numeric-owner",
            "-xpzf",
            archive.toString(),
            "-C",
            into.toString())
        .orFail();
    return into;
  }

  private void put(Path file, String place) {
    try {
      byte[] all = Files.readAllBytes(file);
      ObjectNode open = JSON.createObjectNode().put("path", place).put("mode", "wb");
      long handle = ask("guest-file-open", open).asLong();
      for (int at = 0; at < all.length; at += PIECE) {
        byte[] piece = Arrays.copyOfRange(all, at, Math.min(all.length, at + PIECE));
        ask(
            "guest-file-write",
            JSON.createObjectNode()
                .put("handle", handle)
                .put("buf-b64", Base64.getEncoder().encodeToString(piece)));
      }
      ask("guest-file-close", JSON.createObjectNode().put("handle", handle));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode ask(String command, ObjectNode arguments) {
    ObjectNode request = JSON.createObjectNode().put("execute", command);
    request.set("arguments", arguments);
    try (LibvirtAgent agent =
        LibvirtAgent.open(LibvirtUri.parse(server.uri()), machine, DEADLINE)) {
      return JSON.readTree(agent.ask(request.toString(), Duration.ofSeconds(60))).get("return");
    }
  }
}
