package io.sendense.repository.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A line between a client and a server on the loopback address that can be cut or go silent. */
final class PortForward implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong toServer = new AtomicLong();
  private final AtomicLong toClient = new AtomicLong();
  private volatile long cutToServerAfter = Long.MAX_VALUE;
  private volatile long cutToClientAfter = Long.MAX_VALUE;
  private volatile boolean silent;

  private PortForward(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  static PortForward to(int target) {
    return to(target, "127.0.0.1");
  }

  static PortForward to(int target, String at) {
    try {
      PortForward forward =
          new PortForward(new ServerSocket(0, 50, InetAddress.getByName(at)), target);
      Thread.ofVirtual().start(forward::accept);
      return forward;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Bytes so far in each direction. */
  long sentToServer() {
    return toServer.get();
  }

  long sentToClient() {
    return toClient.get();
  }

  /** Cuts all lines when so many bytes have passed since now. */
  void cutAfter(long bytesToServer, long bytesToClient) {
    toServer.set(0);
    toClient.set(0);
    cutToServerAfter = bytesToServer;
    cutToClientAfter = bytesToClient;
  }

  /** Lines stay open, and nothing passes any more. */
  void goSilent() {
    silent = true;
  }

  void cut() {
    sockets.forEach(PortForward::quietly);
    sockets.clear();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pump(client, server, true));
        Thread.ofVirtual().start(() -> pump(server, client, false));
      } catch (IOException e) {
        // Closed, or the server is not there, which the client hears by the end of its line.
        cut();
      }
    }
  }

  private void pump(Socket from, Socket to, boolean upwards) {
    byte[] buffer = new byte[16 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        if (silent) {
          continue;
        }
        long most = upwards ? cutToServerAfter : cutToClientAfter;
        AtomicLong count = upwards ? toServer : toClient;
        int pass = (int) Math.min(got, Math.max(0, most - count.getAndAdd(got)));
        out.write(buffer, 0, pass);
        if (pass < got) {
          return;
        }
      }
    } catch (IOException e) {
      return; // The line is cut, which is what it is for.
    } finally {
      quietly(from);
      quietly(to);
    }
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
