package io.sendense.recovery.machine;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The two ends that QEMU gives: its monitor and the guest's agent, both of which speak JSON, a line
 * each. One request at a time; lines that are too long, no JSON, or more than the queue holds are
 * dropped, so whoever waits for one ends in its deadline.
 */
final class JsonPeer implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final int LINE_BYTES = 4 << 20;
  private static final int LINES = 256;

  private final SocketChannel channel;
  private final BlockingQueue<JsonNode> lines = new ArrayBlockingQueue<>(LINES);

  JsonPeer(SocketChannel channel) {
    this.channel = channel;
    Thread.ofVirtual().name("json-peer").start(this::readAll);
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** The next line, or empty at the deadline. */
  Optional<JsonNode> next(Duration deadline) {
    try {
      return Optional.ofNullable(lines.poll(deadline.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(ErrorCode.CANCELLED, "interrupted while a guest ran", "", e);
    }
  }

  /**
   * Sends a request and waits for what is not an event.
   *
   * @return the whole answer, or empty at the deadline or where the other end is gone
   */
  Optional<JsonNode> ask(String command, ObjectNode arguments, Duration deadline) {
    ObjectNode message = object().put("execute", command);
    if (!arguments.isEmpty()) {
      message.set("arguments", arguments);
    }
    lines.clear();
    if (!send(message)) {
      return Optional.empty();
    }
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      long left = end - System.nanoTime();
      Optional<JsonNode> line = left <= 0 ? Optional.empty() : next(Duration.ofNanos(left));
      if (line.isEmpty() || line.get().has("return") || line.get().has("error")) {
        return line;
      }
    }
  }

  private boolean send(ObjectNode message) {
    byte[] text = (JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.wrap(text);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  private void readAll() {
    try (InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      boolean drop = false;
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b == '\n') {
          if (!drop) {
            offer(line.toByteArray());
          }
          line.reset();
          drop = false;
        } else if (line.size() < LINE_BYTES) {
          line.write(b);
        } else {
          drop = true;
        }
      }
    } catch (IOException closed) {
      // The machine has ended or was ended; who waits for an answer meets its deadline.
      lines.clear();
    }
  }

  private void offer(byte[] line) {
    try {
      JsonNode node = JSON.readTree(line);
      if (node != null && node.isObject() && !lines.offer(node)) {
        lines.poll();
        lines.offer(node);
      }
    } catch (JacksonException notJson) {
      return; // an agent that was just restarted may begin in the middle of a line
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      return; // the descriptor is gone either way
    }
  }
}
