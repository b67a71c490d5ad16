package io.sendense.nbd;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** TLS over another transport. Certificates are verified by the engine's trust manager. */
final class TlsTransport implements Transport {
  // Several records per system call.
  private static final int NET_IN_BYTES = 256 << 10;
  private static final int NET_OUT_RECORDS = 8;
  // The most that a record may hold by TLS 1.2, its tag included.
  private static final int RECORD_BYTES_MAX = (16 << 10) + 2048;
  // A handshake that needs more steps than this is not one.
  private static final int MAX_STEPS = 1000;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Transport plain;
  private final SSLEngine engine;
  private final boolean engineIsNative;
  private final ByteBuffer netIn;
  private final ByteBuffer appIn;
  private final ByteBuffer netOut;
  private final int packetBytes;
  private final ByteBuffer[] sources = new ByteBuffer[2];
  private final ReentrantLock outLock = new ReentrantLock();
  private final AtomicBoolean released = new AtomicBoolean();

  private TlsTransport(Transport plain, SSLEngine engine, boolean engineIsNative) {
    this.plain = plain;
    this.engine = engine;
    this.engineIsNative = engineIsNative;
    this.packetBytes = Math.max(RECORD_BYTES_MAX, engine.getSession().getPacketBufferSize());
    this.netIn = buffer(NET_IN_BYTES).limit(0);
    this.appIn =
        buffer(Math.max(RECORD_BYTES_MAX, engine.getSession().getApplicationBufferSize())).limit(0);
    this.netOut = buffer(NET_OUT_RECORDS * packetBytes);
  }

  /** A client's end, to be followed by {@link #handshake}. */
  static TlsTransport over(Transport plain, SslContext context, String host, int port) {
    SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT, host, port);
    return new TlsTransport(plain, engine, context instanceof ReferenceCounted);
  }

  /** The JDK's AES-GCM is several times faster on heap arrays, a native one reads memory itself. */
  private ByteBuffer buffer(int bytes) {
    return engineIsNative ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
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
      // A large enough target of the engine's kind takes the record itself and saves a copy.
      boolean straight =
          target.isDirect() == engineIsNative && target.remaining() >= appIn.capacity();
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
    release();
  }

  @Override
  public void kill() {
    plain.kill();
    release();
  }

  /** A native engine's memory goes back at once; a thread still in it finds it closed. */
  private void release() {
    if (released.compareAndSet(false, true)) {
      ReferenceCountUtil.release(engine);
    }
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
          HandshakeStatus status = result.getHandshakeStatus();
          if (status != HandshakeStatus.NEED_UNWRAP && status != HandshakeStatus.NOT_HANDSHAKING) {
            // BoringSSL learns that a handshake of TLS 1.2 is over without a further record.
            return 0;
          }
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

  /** Wraps as many records as fit into the buffer and writes them with one call. */
  private void wrap(ByteBuffer header, ByteBuffer payload) throws IOException {
    sources[0] = header;
    sources[1] = payload;
    netOut.clear();
    SSLEngineResult result;
    boolean more;
    do {
      result = engine.wrap(sources, netOut);
      more = header.hasRemaining() || payload.hasRemaining();
    } while (more
        && result.getStatus() == SSLEngineResult.Status.OK
        && result.bytesConsumed() > 0
        && netOut.remaining() >= packetBytes);
    netOut.flip();
    plain.write(netOut, NOTHING);
    if (more && result.getStatus() == SSLEngineResult.Status.CLOSED) {
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
