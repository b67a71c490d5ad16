package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;

/**
 * The puts of one connection whose content comes in parts: room is asked for, then the content is
 * gathered, then a worker stores it. Confined to the event loop but for {@link #askForRoom}.
 */
final class ServerPuts {
  private static final long BYTES_PER_SECOND_MIN = 256 << 10;

  private final ServerState server;
  private final ServerConnection connection;
  private final Map<Integer, ServerRequest> requests;

  ServerPuts(
      ServerState server, ServerConnection connection, Map<Integer, ServerRequest> requests) {
    this.server = server;
    this.connection = connection;
    this.requests = requests;
  }

  /** On a worker. */
  void askForRoom(EventExecutor loop, ServerRequest request, StoreCall call, Message.Put put) {
    call.checkPut(put);
    loop.execute(
        () -> {
          if (requests.get(request.id()) == request) {
            request.waitFor(
                server
                    .memory()
                    .ask(put.length(), share -> loop.execute(() -> go(request, call, put, share))));
          }
        });
  }

  void expect(int id, int bytes) {
    incoming(id).expect(bytes);
  }

  void take(int id, ByteBuf in, int bytes) {
    incoming(id).take(in, bytes);
  }

  void partEnds(int id) {
    IncomingPut put = incoming(id);
    ServerRequest request = requests.get(id);
    if (put.whole() && request != null) {
      store(request, put);
    }
  }

  /** Room was granted: the content may come. */
  private void go(ServerRequest request, StoreCall call, Message.Put put, PutMemory.Share share) {
    if (requests.get(request.id()) != request || !request.wanted()) {
      share.release();
      return;
    }
    long atMost =
        server.options().putBase().plusSeconds(put.length() / BYTES_PER_SECOND_MIN).toNanos();
    IncomingPut incoming = new IncomingPut(put, call, share, System.nanoTime() + atMost);
    request.receive(incoming);
    connection.send(request.id(), new Message.Bare(Wire.GO));
    if (incoming.whole()) {
      store(request, incoming);
    }
  }

  private void store(ServerRequest request, IncomingPut put) {
    request.storing();
    server.work(
        () -> {
          try {
            put.call().guarded(() -> put.call().put(put.message(), put.content()));
          } finally {
            put.share().release();
          }
        });
  }

  private IncomingPut incoming(int id) {
    ServerRequest request = requests.get(id);
    if (request == null) {
      throw new BrokenProtocol("content of no put");
    }
    return request.put().orElseThrow(() -> new BrokenProtocol("content before GO"));
  }
}
