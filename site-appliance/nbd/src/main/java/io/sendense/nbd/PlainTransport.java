package io.sendense.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A blocking socket channel, TCP or Unix-domain. */
final class PlainTransport implements Transport {
  private static final int BUFFER_BYTES = 1 << 20;

  private final SocketChannel channel;
  private final ByteBuffer[] gather = new ByteBuffer[2];
  private final ByteBuffer[] scatter = new ByteBuffer[2];

  private PlainTransport(SocketChannel channel) {
    this.channel = channel;
  }

  /** Opens a socket without connecting, so that its owner can kill it while it connects. */
  static PlainTransport open(NbdUri uri) throws IOException {
    if (uri.socket().isPresent()) {
      return new PlainTransport(SocketChannel.open(StandardProtocolFamily.UNIX));
    }
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return new PlainTransport(channel);
  }

  void connect(NbdUri uri) throws IOException {
    SocketAddress address =
        uri.socket().isPresent()
            ? UnixDomainSocketAddress.of(uri.socket().get())
            : new InetSocketAddress(uri.host(), uri.port());
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new IOException("unknown host " + uri.host());
    }
    channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
    channel.connect(address);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public int read(ByteBuffer target, ByteBuffer next) throws IOException {
    scatter[0] = target;
    scatter[1] = next;
    return (int) channel.read(scatter);
  }

  @Override
  public void write(ByteBuffer header, ByteBuffer payload) throws IOException {
    if (!payload.hasRemaining()) {
      while (header.hasRemaining()) {
        channel.write(header);
      }
      return;
    }
    gather[0] = header;
    gather[1] = payload;
    while (payload.hasRemaining()) {
      channel.write(gather);
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public void kill() {
    try {
      channel.close();
    } catch (IOException e) {
      // Closing is the last thing done with the socket; nothing depends on how it went.
    }
  }
}
