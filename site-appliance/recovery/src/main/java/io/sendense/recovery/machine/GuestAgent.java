package io.sendense.recovery.machine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * QEMU's agent inside the guest. It may be absent, start late, answer late or lie: nothing it says
 * is taken for more than the guest's word.
 */
public final class GuestAgent implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");
  private static final int MOST = 64;

  private final JsonPeer peer;
  private long number = 1000;

  GuestAgent(JsonPeer peer) {
    this.peer = peer;
  }

  /** Whether it answers in time; late answers to earlier questions are passed over. */
  public boolean answers(Duration within) {
    number++;
    Optional<JsonNode> first = peer.ask("guest-sync", JsonPeer.object().put("id", number), within);
    for (int i = 0; i < MOST && first.isPresent(); i++) {
      if (first.get().path("return").asLong(0) == number) {
        return true;
      }
      first = peer.next(within);
    }
    return false;
  }

  /** Name and version of the system, as far as it is told. */
  public String system() {
    JsonNode info = ask("guest-get-osinfo");
    String name = info.path("pretty-name").asString("");
    return Console.plain(
        name.isEmpty() ? "kernel " + info.path("kernel-release").asString("?") : name);
  }

  /** Addresses of the guest but those that reach nobody: loopback and link-local ones. */
  public List<String> addresses() {
    List<String> found = new ArrayList<>();
    for (JsonNode card : ask("guest-network-get-interfaces")) {
      for (JsonNode address : card.path("ip-addresses")) {
        String text = address.path("ip-address").asString("");
        boolean local =
            text.startsWith("127.")
                || text.equals("::1")
                || text.startsWith("169.254.")
                || text.regionMatches(true, 0, "fe80:", 0, 5);
        if (!local && ADDRESS.matcher(text).matches() && found.size() < MOST) {
          found.add(text);
        }
      }
    }
    return found;
  }

  private JsonNode ask(String command) {
    return peer.ask(command, JsonPeer.object(), ANSWER)
        .map(answer -> answer.path("return"))
        .orElseGet(JsonPeer::object);
  }

  @Override
  public void close() {
    peer.close();
  }
}
