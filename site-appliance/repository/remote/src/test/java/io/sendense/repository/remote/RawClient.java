package io.sendense.repository.remote;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client that sends what it is told to, over the JDK's sockets. */
final class RawClient implements AutoCloseable {
  private static final int READ_MILLIS = 20_000;

  private final SSLSocket socket;

  private RawClient(SSLSocket socket) {
    this.socket = socket;
  }

  /**
   * @param identity empty for a client without a certificate
   */
  static RawClient connect(int port, Optional<TlsIdentity> identity, String protocol, String alpn)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("ca", certificate(Site.PKI.trust()));
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(trust);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    if (identity.isPresent()) {
      String pem = Files.readString(identity.get().key(), StandardCharsets.US_ASCII);
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      keys.setKeyEntry(
          "key",
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)),
          new char[0],
          new Certificate[] {certificate(identity.get().certificate())});
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, new char[0]);
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setSoTimeout(READ_MILLIS);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {protocol});
    parameters.setApplicationProtocols(new String[] {alpn});
    socket.setSSLParameters(parameters);
    return new RawClient(socket);
  }

  /** A client that may come in, before its HELLO. */
  static RawClient connect(int port) {
    try {
      return connect(port, Optional.of(Site.PKI.client("site-b")), "TLSv1.3", Wire.ALPN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  RawClient hello() {
    send(0, new Message.Hello(1, 1, Site.REPOSITORY));
    Message answer = receive().orElseThrow(() -> new AssertionError("no WELCOME"));
    if (!(answer instanceof Message.Welcome)) {
      throw new AssertionError(answer);
    }
    return this;
  }

  void send(int request, Message message) {
    ByteBuf frame = MessageWriter.frame(UnpooledByteBufAllocator.DEFAULT, request, message);
    send(ByteBufUtil.getBytes(frame));
    frame.release();
  }

  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void sendHex(String hex) {
    send(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }

  /** The next frame that is not DATA; empty when the server has closed the connection. */
  Optional<Message> receive() {
    try {
      while (true) {
        byte[] header = socket.getInputStream().readNBytes(Wire.HEADER_BYTES);
        if (header.length < Wire.HEADER_BYTES) {
          return Optional.empty();
        }
        ByteBuf in = Unpooled.wrappedBuffer(header);
        byte[] body = socket.getInputStream().readNBytes(in.readInt());
        int type = in.readUnsignedByte();
        if (type != Wire.DATA) {
          return Optional.of(MessageReader.read(type, Unpooled.wrappedBuffer(body)));
        }
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("the server neither answered nor closed", e);
    } catch (IOException e) {
      return Optional.empty(); // A reset or an alert is a closed connection, too.
    }
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Certificate certificate(Path file) throws IOException, GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }
}
