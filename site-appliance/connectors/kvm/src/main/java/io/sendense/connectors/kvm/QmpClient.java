package io.sendense.connectors.kvm;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A QMP connection over a unix socket: sends commands, waits for their answers and for events, each
 * with a deadline. Thread-safe. It knows the protocol, not what the commands mean.
 *
 * <p>A monitor serves one client at a time; while another one, such as libvirt, holds it, {@link
 * #connect} ends in its deadline.
 */
public final class QmpClient implements AutoCloseable {
  /** QEMU's longest answers list all block nodes, some 2 KiB each. */
  private static final int MAX_FRAME_BYTES = 16 << 20;

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Path socket;
  private final SocketChannel channel;
  private final Duration deadline;
  private final Object writing = new Object();
  private final AtomicLong nextId = new AtomicLong();
  private final ConcurrentHashMap<Long, CompletableFuture<JsonNode>> pending =
      new ConcurrentHashMap<>();
  private final CompletableFuture<JsonNode> greeting = new CompletableFuture<>();

  private final Object events = new Object();
  private long eventsSeen;
  private @Nullable SendenseException ended;
  private String shutdownNote = "";

  private QmpClient(Path socket, SocketChannel channel, Duration deadline) {
    this.socket = socket;
    this.channel = channel;
    this.deadline = deadline;
  }

  /**
   * Connects and negotiates capabilities.
   *
   * @param deadline of this call and of every command later
   * @throws SendenseException SOURCE_UNREADABLE where nothing listens, DEADLINE_EXCEEDED where
   *     nothing greets, SOURCE_PROTOCOL where the other side is not a QMP monitor
   */
  public static QmpClient connect(Path socket, Duration deadline) {
    QmpClient client;
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      client = new QmpClient(socket, channel, deadline);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.SOURCE_UNREADABLE,
          "no virtual machine answers at the QMP socket " + socket + ": " + e.getMessage(),
          "Check that the virtual machine runs and that this user may open its socket.",
          e);
    }
    try {
      Thread.ofVirtual().name("qmp-" + socket.getFileName()).start(client::readAll);
      client.get("its greeting", client.greeting);
      client.execute("qmp_capabilities");
      return client;
    } catch (RuntimeException e) {
      client.close();
      throw e;
    }
  }

  public static ObjectNode object() {
    return JSON.createObjectNode();
  }

  public JsonNode execute(String command) {
    return execute(command, object());
  }

  /**
   * Runs one command and returns what it returned.
   *
   * @throws SendenseException SOURCE_PROTOCOL with QEMU's own words where it refused or the
   *     connection ended, DEADLINE_EXCEEDED where it did not answer; the command may then still run
   */
  public JsonNode execute(String command, ObjectNode arguments) {
    long id = nextId.incrementAndGet();
    ObjectNode message = object().put("execute", command).put("id", id);
    if (!arguments.isEmpty()) {
      message.set("arguments", arguments);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    pending.put(id, answer);
    try {
      send(message);
      JsonNode reply = get("the answer to " + command, answer);
      if (reply.has("error")) {
        throw new SendenseException(
            ErrorCode.SOURCE_PROTOCOL,
            "QEMU at " + socket + " refused " + command + ": " + text(reply.get("error"), "desc"),
            "");
      }
      return reply.get("return");
    } finally {
      pending.remove(id);
    }
  }

  /**
   * Returns when {@code condition} holds. It is asked at once and again after each event from QEMU;
   * nothing sleeps and nothing is missed between the asking and the waiting.
   *
   * @throws SendenseException DEADLINE_EXCEEDED, or SOURCE_PROTOCOL where the connection ends
   */
  public void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      long before;
      synchronized (events) {
        before = eventsSeen;
      }
      if (condition.getAsBoolean()) {
        return;
      }
      awaitEventAfter(before, end, what);
    }
  }

  /** Whether the connection still stands. */
  public boolean isOpen() {
    synchronized (events) {
      return ended == null;
    }
  }

  /** Ends the connection; commands under way fail. May be called twice. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is gone either way.
      end(protocol("closing the QMP connection to " + socket + " failed", e));
    }
  }

  private void awaitEventAfter(long before, long end, String what) {
    synchronized (events) {
      while (eventsSeen == before) {
        if (ended != null) {
          throw gone(ended);
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw late(what);
        }
        try {
          events.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new SendenseException(
              ErrorCode.CANCELLED, "interrupted while waiting for " + what, "", e);
        }
      }
    }
  }

  private void send(ObjectNode message) {
    ByteBuffer bytes =
        ByteBuffer.wrap((JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
    synchronized (writing) {
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        synchronized (events) {
          throw gone(ended != null ? ended : protocol("the QMP connection broke", e));
        }
      }
    }
  }

  private JsonNode get(String what, CompletableFuture<JsonNode> answer) {
    synchronized (events) {
      if (ended != null) {
        throw gone(ended);
      }
    }
    try {
      return answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw late(what);
    } catch (ExecutionException e) {
      synchronized (events) {
        throw gone(ended != null ? ended : protocol("the QMP connection broke", e));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, "interrupted while waiting for " + what, "", e);
    }
  }

  private void readAll() {
    try {
      QmpFrames frames = new QmpFrames(JSON, Channels.newInputStream(channel), MAX_FRAME_BYTES);
      for (Optional<JsonNode> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
        dispatch(frame.get());
      }
      end(protocol("the virtual machine at " + socket + " closed its QMP connection", null));
    } catch (IOException e) {
      end(protocol("the QMP connection to " + socket + " broke: " + e.getMessage(), e));
    } catch (SendenseException e) {
      end(e);
    }
  }

  private void dispatch(JsonNode frame) {
    if (frame.has("QMP")) {
      greeting.complete(frame);
    } else if (frame.has("event")) {
      synchronized (events) {
        eventsSeen++;
        if (text(frame, "event").equals("SHUTDOWN")) {
          shutdownNote = " (it was shut down: " + text(frame.path("data"), "reason") + ")";
        }
        events.notifyAll();
      }
    } else if (frame.path("id").isIntegralNumber()) {
      CompletableFuture<JsonNode> answer = pending.get(frame.path("id").longValue());
      if (answer != null) {
        answer.complete(frame);
      }
    }
  }

  private void end(SendenseException why) {
    synchronized (events) {
      if (ended == null) {
        ended = why;
      }
      events.notifyAll();
    }
    greeting.completeExceptionally(why);
    pending.values().forEach(answer -> answer.completeExceptionally(why));
  }

  private SendenseException gone(SendenseException why) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL,
        why.getMessage() + shutdownNote,
        "Check whether the virtual machine was powered off or its QEMU crashed.",
        why);
  }

  private SendenseException late(String what) {
    return new SendenseException(
        ErrorCode.DEADLINE_EXCEEDED,
        "QEMU at " + socket + " did not give " + what + " within " + deadline.toSeconds() + " s",
        "Check that no other client, such as libvirt, holds the monitor.");
  }

  static String text(@Nullable JsonNode node, String field) {
    return node == null ? "" : node.path(field).asString("");
  }

  private static SendenseException protocol(String what, @Nullable Throwable cause) {
    return new SendenseException(ErrorCode.SOURCE_PROTOCOL, what, "", cause);
  }
}
