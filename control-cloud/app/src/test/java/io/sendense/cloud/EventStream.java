package io.sendense.cloud;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An open stream of live changes, each checked against openapi.yaml. */
public final class EventStream implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(15);
  private static final String END = "";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final InputStream body;
  private final Contract contract;
  private final List<JsonNode> seen = new ArrayList<>();

  /** Returns when the server listens for this stream, so that no later change is missed. */
  EventStream(URI uri, String token, Contract contract) {
    this.contract = contract;
    try {
      HttpResponse<InputStream> answer =
          http.send(
              HttpRequest.newBuilder(uri)
                  .timeout(DEADLINE)
                  .header("Authorization", "Bearer " + token)
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      String type = answer.headers().firstValue("Content-Type").orElse("none");
      if (answer.statusCode() != 200 || !type.startsWith("text/event-stream")) {
        throw new AssertionError(answer.statusCode() + " " + type);
      }
      body = answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Thread.ofVirtual().start(this::read);
    String first = next();
    if (!first.startsWith(":")) {
      throw new AssertionError("the first line is no comment but \"" + first + "\"");
    }
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isEmpty()) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      // Closed by this side or cut by the other: an end as well.
    }
    lines.add(END);
  }

  /** Reads on until an event fits; the events before it are in {@link #seen}. */
  public JsonNode await(Predicate<JsonNode> wanted) {
    for (String line = next(); !line.equals(END); line = next()) {
      if (line.startsWith("data:")) {
        String data = line.substring("data:".length()).strip();
        List<String> findings = contract.findings("Event", data);
        if (!findings.isEmpty()) {
          throw new AssertionError(findings + " in " + data);
        }
        JsonNode event = JSON.readTree(data);
        seen.add(event);
        if (wanted.test(event)) {
          return event;
        }
      }
    }
    throw new AssertionError("the stream ended; seen " + seen);
  }

  /** Every event read so far. */
  public List<JsonNode> seen() {
    return List.copyOf(seen);
  }

  /** Reads on until the server ends the stream. */
  public void awaitEnd() {
    String line = next();
    while (!line.equals(END)) {
      line = next();
    }
  }

  private String next() {
    try {
      String line = lines.poll(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw new AssertionError("nothing came in " + DEADLINE + "; seen " + seen);
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
