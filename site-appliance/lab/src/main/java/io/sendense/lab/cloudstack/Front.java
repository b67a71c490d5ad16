package io.sendense.lab.cloudstack;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/** The API over HTTP: parameters by GET or as a form by POST, answers in JSON. */
final class Front {
  private static final int MAX_FORM = 1 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private final Cloud cloud;
  private final Commands commands;
  private final Signatures signatures;
  private final LabFaults faults;
  private final Function<String, Row> accountOfKey;

  Front(
      Cloud cloud,
      Commands commands,
      Signatures signatures,
      LabFaults faults,
      Function<String, Row> accountOfKey) {
    this.cloud = cloud;
    this.commands = commands;
    this.signatures = signatures;
    this.faults = faults;
    this.accountOfKey = accountOfKey;
  }

  void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> sent = parameters(exchange);
      Map<String, String> lower = Call.lower(sent);
      String command = lower.getOrDefault("command", "");
      if (faults.take(LabFaults.Kind.DROPPED, command).isPresent()) {
        // Closing without an answer ends the connection.
        return;
      }
      int status = 200;
      Map<String, Object> answer;
      try {
        answer = answer(sent, lower, command);
      } catch (LabError e) {
        status = e.code();
        answer = refusal(e);
      }
      String name = commands.responseOf(command);
      byte[] body = JSON.writeValueAsBytes(Map.of(name, answer));
      exchange.getResponseHeaders().set("Content-Type", "application/json;charset=UTF-8");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Map<String, Object> answer(
      Map<String, String> sent, Map<String, String> lower, String command) {
    String key = signatures.verify(sent);
    faults.strike(LabFaults.Kind.REFUSED, command);
    if (!lower.getOrDefault("response", "").equalsIgnoreCase("json")) {
      throw new LabError(LabError.PARAMETER, "this lab answers in JSON only");
    }
    Row account = accountOfKey.apply(key);
    if (command.equalsIgnoreCase("queryAsyncJobResult")) {
      // Not under the lock, which a job holds while it works.
      return commands.answer(new Call(command, lower, account));
    }
    synchronized (cloud) {
      return commands.answer(new Call(command, lower, account));
    }
  }

  private static Map<String, Object> refusal(LabError e) {
    Map<String, Object> refusal = new LinkedHashMap<>();
    refusal.put("uuidList", List.of());
    refusal.put("errorcode", e.code());
    refusal.put("cserrorcode", e.csCode());
    refusal.put("errortext", String.valueOf(e.getMessage()));
    return refusal;
  }

  private static Map<String, String> parameters(HttpExchange exchange) throws IOException {
    Map<String, String> found = new LinkedHashMap<>();
    read(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""), found);
    byte[] form = exchange.getRequestBody().readNBytes(MAX_FORM);
    read(new String(form, StandardCharsets.UTF_8), found);
    return found;
  }

  private static void read(String text, Map<String, String> into) {
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        into.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
      }
    }
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
