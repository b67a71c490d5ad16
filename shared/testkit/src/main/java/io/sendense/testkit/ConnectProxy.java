package io.sendense.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An HTTP proxy on the loopback address that carries tunnels (CONNECT), as sites have them. It can
 * be told to refuse, to cut tunnels midway, and to hold back what servers answer, so that an
 * acknowledgement is lost for certain. It sees only bytes: TLS goes through it end to end.
 * Thread-safe.
 */
public final class ConnectProxy implements AutoCloseable {
  private static final int MOST_TUNNELS = 64;
  private static final int MOST_HEAD_BYTES = 8 * 1024;
  private static final int MILLIS = 5_000;

  private final ServerSocket server;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Held> held = new LinkedHashSet<>();
  private boolean holding;
  private volatile int refusal;
  private volatile long cutAfter = Long.MAX_VALUE;

  private ConnectProxy(ServerSocket server) {
    this.server = server;
  }

  /** Bytes of an answer that have come from a server and wait here. */
  public static final class Held {
    private Held() {}
  }

  /** Starts a proxy on a free port. */
  public static ConnectProxy start() {
    try {
      ConnectProxy proxy =
          new ConnectProxy(new ServerSocket(0, MOST_TUNNELS, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().name("proxy").start(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy could not start", e);
    }
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
  }

  /** How many tunnels were opened so far. */
  public int opened() {
    return opened.get();
  }

  /** From now on every CONNECT is answered with this HTTP status; 0 lets them through again. */
  public void refuseWith(int status) {
    refusal = status;
  }

  /** From now on each tunnel is cut when so many bytes of its server's answers have passed. */
  public void cutAfter(long answerBytes) {
    cutAfter = answerBytes;
  }

  /** Cuts every tunnel that is open now; what is held is lost. */
  public void cut() {
    sockets.forEach(ConnectProxy::shut);
    lock.lock();
    try {
      held.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing that servers answer passes before {@link #letPass}. */
  public void holdAnswers() {
    hold(true);
  }

  /** Everything passes again, what is held first. */
  public void passAnswers() {
    hold(false);
  }

  /** What waits now, oldest first. */
  public List<Held> heldAnswers() {
    lock.lock();
    try {
      return new ArrayList<>(held);
    } finally {
      lock.unlock();
    }
  }

  public void letPass(Held answer) {
    lock.lock();
    try {
      held.remove(answer);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy could not end", e);
    } finally {
      cut();
    }
  }

  private void hold(boolean on) {
    lock.lock();
    try {
      holding = on;
      if (!on) {
        held.clear();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (sockets.size() >= 2 * MOST_TUNNELS) {
          shut(client);
        } else {
          Thread.ofVirtual().name("proxy-tunnel").start(() -> tunnel(client));
        }
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void tunnel(Socket client) {
    sockets.add(client);
    try (client;
        Socket upstream = new Socket()) {
      client.setSoTimeout(MILLIS);
      String[] target = target(client.getInputStream());
      client.setSoTimeout(0);
      int status = refusal;
      if (status != 0) {
        answer(client, status + " Refused");
        return;
      }
      sockets.add(upstream);
      try {
        upstream.connect(new InetSocketAddress(target[0], Integer.parseInt(target[1])), MILLIS);
      } catch (IOException e) {
        answer(client, "502 Bad Gateway");
        return;
      }
      opened.incrementAndGet();
      answer(client, "200 Connection established");
      Thread answers =
          Thread.ofVirtual().name("proxy-answers").start(() -> carryAnswers(upstream, client));
      carry(client, upstream);
      shut(upstream);
      shut(client);
      wake();
      answers.join();
      sockets.remove(upstream);
    } catch (IOException e) {
      shut(client); // one of the two ends is gone, and so is the tunnel
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(client);
    }
  }

  private static String[] target(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || head.length() >= MOST_HEAD_BYTES) {
        throw new IOException("no complete request");
      }
      head.append((char) next);
    }
    String[] words = head.toString().split("[ \r\n]+", 3);
    int colon = words[1].lastIndexOf(':');
    if (!words[0].equals("CONNECT") || colon < 1) {
      throw new IOException("only CONNECT is carried");
    }
    return new String[] {words[1].substring(0, colon), words[1].substring(colon + 1)};
  }

  private static void answer(Socket client, String status) throws IOException {
    client
        .getOutputStream()
        .write(
            ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static void carry(Socket from, Socket to) throws IOException {
    from.getInputStream().transferTo(to.getOutputStream());
  }

  private void carryAnswers(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    long passed = 0;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitPass(to);
        int most = (int) Math.min(n, cutAfter - passed);
        out.write(buffer, 0, most);
        passed += most;
        if (most < n) {
          break;
        }
      }
    } catch (IOException e) {
      // One of the two ends is gone: the other is told by the closing below.
    } finally {
      shut(from);
      shut(to);
    }
  }

  private void awaitPass(Socket to) {
    lock.lock();
    try {
      if (!holding) {
        return;
      }
      Held mine = new Held();
      held.add(mine);
      while (held.contains(mine) && !to.isClosed()) {
        changed.awaitUninterruptibly();
      }
      held.remove(mine);
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a socket could not be closed", e);
    }
  }
}
