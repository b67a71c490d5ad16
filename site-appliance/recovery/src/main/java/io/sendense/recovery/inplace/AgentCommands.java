package io.sendense.recovery.inplace;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.work.Pause;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The agent's commands that putting files back needs. What it answers is the guest's word. */
final class AgentCommands {
  static final List<String> NEEDED =
      List.of(
          "guest-file-open",
          "guest-file-write",
          "guest-file-close",
          "guest-exec",
          "guest-exec-status");

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration ANSWER = Duration.ofSeconds(30);
  // A backup may be freezing the guest; it does not for longer than two seconds.
  private static final Duration FROZEN = Duration.ofSeconds(30);
  private static final int FIRST_LOOK_MILLIS = 20;
  private static final int LAST_LOOK_MILLIS = 500;
  private static final int SHOWN = 500;

  private final GuestLink link;

  AgentCommands(GuestLink link) {
    this.link = link;
  }

  /** What a program in the guest did. */
  record Ended(long code, String out, String err) {
    /** What it complained about, for people. */
    String complaint() {
      String text = (err.isBlank() ? out : err).strip();
      String shown = text.length() > SHOWN ? text.substring(0, SHOWN) : text;
      return "exit code " + code + (shown.isEmpty() ? "" : ": " + plain(shown));
    }
  }

  /** Those of the needed commands that this agent does not carry out. */
  List<String> refused() {
    List<String> missing = new ArrayList<>(NEEDED);
    for (JsonNode command : ask("guest-info", JSON.createObjectNode()).path("supported_commands")) {
      if (command.path("enabled").asBoolean(false)) {
        missing.remove(command.path("name").asString(""));
      }
    }
    return missing;
  }

  /** Opens a new file for writing. */
  long create(String path) {
    ObjectNode arguments = JSON.createObjectNode().put("path", path).put("mode", "wb");
    return ask("guest-file-open", arguments).asLong();
  }

  void write(long handle, byte[] bytes, int count) {
    String text = Base64.getEncoder().encodeToString(java.util.Arrays.copyOfRange(bytes, 0, count));
    ObjectNode arguments = JSON.createObjectNode().put("handle", handle).put("buf-b64", text);
    long written = ask("guest-file-write", arguments).path("count").asLong(-1);
    if (written != count) {
      throw new SendenseException(
          ErrorCode.NO_SPACE,
          "the guest took " + written + " of " + count + " bytes",
          "See that its file system has room.");
    }
  }

  void close(long handle) {
    ask("guest-file-close", JSON.createObjectNode().put("handle", handle));
  }

  /**
   * Runs a program, no shell between.
   *
   * @throws SendenseException DEADLINE_EXCEEDED; it may run on then
   */
  Ended run(Duration within, String program, String... arguments) {
    ObjectNode asked = JSON.createObjectNode().put("path", program).put("capture-output", true);
    ArrayNode list = asked.putArray("arg");
    for (String argument : arguments) {
      list.add(argument);
    }
    asked
        .putArray("env")
        .add("LC_ALL=C")
        .add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    long process = ask("guest-exec", asked).path("pid").asLong(-1);
    long end = System.nanoTime() + within.toNanos();
    for (int pause = FIRST_LOOK_MILLIS; ; pause = Math.min(2 * pause, LAST_LOOK_MILLIS)) {
      JsonNode state = ask("guest-exec-status", JSON.createObjectNode().put("pid", process));
      if (state.path("exited").asBoolean(false)) {
        long code = state.path("exitcode").asLong(128 + state.path("signal").asLong(0));
        return new Ended(code, text(state.path("out-data")), text(state.path("err-data")));
      }
      if (System.nanoTime() > end) {
        throw new SendenseException(
            ErrorCode.DEADLINE_EXCEEDED,
            program + " in the guest did not end within " + within.toSeconds() + " s",
            "Look at the guest's load.");
      }
      pause(pause);
    }
  }

  private JsonNode ask(String command, ObjectNode arguments) {
    ObjectNode request = JSON.createObjectNode().put("execute", command);
    if (!arguments.isEmpty()) {
      request.set("arguments", arguments);
    }
    String text = JSON.writeValueAsString(request);
    long end = System.nanoTime() + FROZEN.toNanos();
    while (true) {
      try {
        return JSON.readTree(link.ask(text, ANSWER)).path("return");
      } catch (JacksonException e) {
        throw new SendenseException(
            ErrorCode.SOURCE_PROTOCOL, "the guest's agent answered no JSON", "Restart it.", e);
      } catch (SendenseException e) {
        // It did nothing of it, so it may be asked again.
        boolean frozen = String.valueOf(e.getMessage()).contains("frozen state");
        if (!frozen || System.nanoTime() > end) {
          throw e;
        }
        pause(LAST_LOOK_MILLIS);
      }
    }
  }

  private static void pause(int millis) {
    try {
      Pause.millis(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "interrupted while the guest worked", "Run it again.", e);
    }
  }

  private static String text(JsonNode node) {
    try {
      byte[] bytes = Base64.getDecoder().decode(node.asString(""));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return "";
    }
  }

  /** Without what could steer a terminal. */
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ");
  }
}
