package io.sendense.appliance.cli;

import io.sendense.connectors.spi.InstantTarget;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.engine.instant.InstantHolds;
import io.sendense.engine.instant.InstantRecord;
import io.sendense.engine.instant.InstantServing;
import io.sendense.engine.instant.InstantState;
import io.sendense.engine.instant.InstantStore;
import io.sendense.engine.state.JobLocks;
import io.sendense.engine.state.StateStore;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Serves all instant recoveries of a repository and takes requests of other processes of this user,
 * one after another. There is one per repository and state folder; a lock sees to that.
 */
final class InstantServer implements AutoCloseable {
  /** How long one that has nothing to serve waits for the command that started it. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  private static final Duration REQUEST = Duration.ofSeconds(5);
  private static final int MAX_REQUEST_BYTES = 256;

  private final Surroundings surroundings;
  private final String location;
  private final StateStore state;
  private final InstantStore store;
  private final JobLocks.Held lock;
  private final InstantServing serving;
  private final InstantHolds holds;
  private final InstantServerPlace place;
  private final ServerSocketChannel listener;
  private final Selector selector;
  private final Set<String> served = new LinkedHashSet<>();
  private volatile boolean ended;

  private InstantServer(
      Surroundings surroundings,
      OpenPoints open,
      StateStore state,
      InstantStore store,
      JobLocks.Held lock,
      InstantServerPlace place)
      throws IOException {
    this.surroundings = surroundings;
    this.location = open.location();
    this.state = state;
    this.store = store;
    this.lock = lock;
    this.place = place;
    this.serving = new InstantServing(open.repository(), StoredDiskExport::new);
    this.holds = new InstantHolds(store, open.repository());
    Files.createDirectories(
        place.folder(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // With the lock held, what lies there is what a crash left.
    Files.deleteIfExists(place.socket());
    this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    this.selector = Selector.open();
    listener.bind(UnixDomainSocketAddress.of(place.socket()));
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
  }

  /**
   * Takes the place of the serving process and serves what there is.
   *
   * @throws SendenseException CONFLICT where another one serves this repository
   */
  static InstantServer start(Surroundings surroundings, CommonOptions common, OpenPoints open) {
    StateStore state = common.openState(surroundings);
    InstantStore store = InstantParts.store(surroundings, common);
    try {
      JobLocks.Held lock =
          state
              .locks()
              .take(
                  InstantServerPlace.lock(open.location()),
                  "instant recoveries of " + open.location() + " are served already");
      InstantServer server =
          new InstantServer(
              surroundings,
              open,
              state,
              store,
              lock,
              InstantServerPlace.of(
                  common.stateFolder(surroundings.environment()), open.location()));
      server.serveAll();
      return server;
    } catch (IOException e) {
      store.close();
      state.close();
      throw new SendenseException(
          ErrorCode.INTERNAL,
          "requests cannot be taken: " + e.getMessage(),
          "See that the state folder is on a local disk and its path is short.",
          e);
    } catch (RuntimeException e) {
      store.close();
      state.close();
      throw e;
    }
  }

  private void serveAll() {
    for (InstantRecord record : store.all()) {
      if (record.location().equals(location) && record.state() != InstantState.STARTING) {
        try {
          if (record.state().needsPoint()) {
            serve(record);
            target(record).admit(record.socket());
            target(record).goOn(record.id());
          }
        } catch (SendenseException e) {
          // One that cannot be served must not keep the others from it.
          surroundings.err().println("warning: " + record.name() + ": " + e.getMessage());
        }
      }
    }
  }

  private InstantTarget target(InstantRecord record) {
    return InstantParts.target(surroundings, state, record);
  }

  private void serve(InstantRecord record) {
    holds.hold(record);
    serving.serve(record);
    served.add(record.id());
  }

  /** Takes requests until it is ended, or until nothing is served where {@code untilIdle}. */
  void run(boolean untilIdle) {
    long idleSince = System.nanoTime();
    try {
      while (!ended) {
        selector.select(1000);
        selector.selectedKeys().clear();
        SocketChannel client = listener.accept();
        boolean released = client != null && answer(client);
        if (serving.count() > 0) {
          idleSince = System.nanoTime();
        } else if (untilIdle && (released || System.nanoTime() - idleSince > IDLE.toNanos())) {
          return;
        }
      }
    } catch (ClosedChannelException e) {
      ended = true;
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, "requests cannot be taken: " + e.getMessage(), "", e);
    }
  }

  /** From any thread: {@link #run} returns soon. */
  void end() {
    ended = true;
    selector.wakeup();
  }

  /** Whether something is served no longer. */
  private boolean answer(SocketChannel client) {
    try (client) {
      client.configureBlocking(false);
      String line = request(client);
      boolean released = line.startsWith("release ");
      String answer;
      try {
        answer = "ok " + perform(line);
      } catch (SendenseException e) {
        answer = "error " + e.code().name() + " " + e.getMessage() + "\t" + e.remedy();
      }
      ByteBuffer out = ByteBuffer.wrap((answer + "\n").getBytes(StandardCharsets.UTF_8));
      client.configureBlocking(true);
      while (out.hasRemaining()) {
        client.write(out);
      }
      return released;
    } catch (IOException e) {
      // It went away; its command says what became of it.
      return false;
    }
  }

  private static String request(SocketChannel client) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(MAX_REQUEST_BYTES);
    long end = System.nanoTime() + REQUEST.toNanos();
    try (Selector readable = Selector.open()) {
      client.register(readable, SelectionKey.OP_READ);
      while (System.nanoTime() - end < 0 && in.hasRemaining()) {
        readable.select(200);
        readable.selectedKeys().clear();
        int read = client.read(in);
        String text = new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
        if (text.endsWith("\n") || read < 0) {
          return text.strip();
        }
      }
      throw new IOException("no request came");
    }
  }

  private String perform(String line) {
    String[] words = line.split(" ", -1);
    return switch (words[0]) {
      case "status" -> ProcessHandle.current().pid() + " " + String.join(" ", served);
      case "serve" -> {
        serve(find(words));
        yield "";
      }
      case "release" -> {
        String id = words.length > 1 ? words[1] : "";
        serving.release(id);
        served.remove(id);
        store.find(id).ifPresent(holds::lift);
        yield "";
      }
      default -> throw new SendenseException(ErrorCode.BAD_ARGUMENT, "no such request", "");
    };
  }

  private InstantRecord find(String[] words) {
    return store
        .find(words.length > 1 ? words[1] : "")
        .filter(record -> record.location().equals(location))
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND, "there is no such instant recovery", ""));
  }

  @Override
  public void close() {
    try (state;
        store;
        lock;
        serving;
        selector;
        listener) {
      Files.deleteIfExists(place.socket());
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.INTERNAL, "the serving process does not end in order", "", e);
    }
  }
}
