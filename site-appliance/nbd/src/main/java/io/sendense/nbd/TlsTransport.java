package io.sendense.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** TLS over another transport, with the JDK's engine. Certificates are verified by that engine. */
final class TlsTransport implements Transport {
  // Several records per system call.
  private static final int NET_IN_BYTES = 256 << 10;
  // A handshake that needs more steps than this is not one.
  private static final int MAX_STEPS = 1000;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Transport plain;
  private final SSLEngine engine;
  // Heap arrays: the JDK's AES-GCM is several times faster on them than on direct buffers.
  private final ByteBuffer netIn = ByteBuffer.allocate(NET_IN_BYTES).limit(0);
  private final ByteBuffer appIn;
  private final ByteBuffer netOut;
  private final ByteBuffer[] sources = new ByteBuffer[2];
  private final ReentrantLock outLock = new ReentrantLock();

  TlsTransport(Transport plain, SSLEngine engine) {
    this.plain = plain;
    this.engine = engine;
    this.appIn = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
    this.netOut = ByteBuffer.allocate(4 * engine.getSession().getPacketBufferSize());
  }

  /** Runs the handshake to its end, or fails with the reason. */
  void handshake() throws IOException {
    engine.beginHandshake();
    for (int step = 0; step < MAX_STEPS; step++) {
      switch (engine.getHandshakeStatus()) {
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> wrap(NOTHING, NOTHING);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (unwrap(appIn.clear()) < 0) {
            throw new EOFException("the server closed it during the TLS handshake");
          }
          appIn.flip();
        }
      }
    }
    throw new SSLException("the TLS handshake did not come to an end");
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    while (!appIn.hasRemaining()) {
      // A large enough heap target takes the record itself and saves a copy.
      boolean straight = target.hasArray() && target.remaining() >= appIn.capacity();
      int got = unwrap(straight ? target : appIn.clear());
      if (!straight) {
        appIn.flip();
      }
      if (got < 0) {
        return -1;
      }
      afterHandshake();
      if (straight && got > 0) {
        return got;
      }
    }
    int bytes = Math.min(appIn.remaining(), target.remaining());
    target.put(appIn.slice(appIn.position(), bytes));
    appIn.position(appIn.position() + bytes);
    return bytes;
  }

  @Override
  public void write(ByteBuffer header, ByteBuffer payload) throws IOException {
    outLock.lock();
    try {
      do {
        wrap(header, payload);
      } while (header.hasRemaining() || payload.hasRemaining());
    } finally {
      outLock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      if (outLock.tryLock()) {
        try {
          engine.closeOutbound();
          wrap(NOTHING, NOTHING);
        } finally {
          outLock.unlock();
        }
      }
    } catch (IOException goneAlready) {
      // A server that is gone needs no goodbye.
    }
    plain.close();
  }

  @Override
  public void kill() {
    plain.kill();
  }

  /** Decrypts one record; its payload's bytes, 0 for a record of TLS itself, -1 at the end. */
  private int unwrap(ByteBuffer target) throws IOException {
    while (true) {
      SSLEngineResult result = engine.unwrap(netIn, target);
      switch (result.getStatus()) {
        case OK -> {
          return result.bytesProduced();
        }
        case CLOSED -> {
          return -1;
        }
        case BUFFER_UNDERFLOW -> {
          netIn.compact();
          int got;
          try {
            got = plain.read(netIn);
          } finally {
            netIn.flip();
          }
          if (got < 0) {
            return -1;
          }
        }
        case BUFFER_OVERFLOW -> throw new SSLException("a TLS record larger than TLS allows");
      }
    }
  }

  /** TLS 1.3 may ask for a new key in the middle of the stream; the answer goes out at once. */
  private void afterHandshake() throws IOException {
    HandshakeStatus status = engine.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_TASK) {
      runTasks();
      status = engine.getHandshakeStatus();
    }
    if (status == HandshakeStatus.NEED_WRAP) {
      outLock.lock();
      try {
        wrap(NOTHING, NOTHING);
      } finally {
        outLock.unlock();
      }
    }
  }

  private void wrap(ByteBuffer header, ByteBuffer payload) throws IOException {
    sources[0] = header;
    sources[1] = payload;
    netOut.clear();
    SSLEngineResult result = engine.wrap(sources, netOut);
    netOut.flip();
    plain.write(netOut, NOTHING);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED
        && (header.hasRemaining() || payload.hasRemaining())) {
      throw new EOFException("TLS was closed");
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
