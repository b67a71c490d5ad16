package io.sendense.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;

/** The client's half of the fixed newstyle handshake, on the calling thread. */
final class Handshake {
  // More replies to one option than this are not read.
  private static final int MAX_REPLIES = 10_000;

  private final NbdUri uri;
  private final Failures failures;
  private final TlsLibrary tlsLibrary;
  private Transport transport;
  private OptionChannel options;

  Handshake(NbdUri uri, Transport transport, Failures failures, TlsLibrary tlsLibrary) {
    this.uri = uri;
    this.failures = failures;
    this.tlsLibrary = tlsLibrary;
    this.transport = transport;
    this.options = new OptionChannel(transport, failures);
  }

  /** An export in transmission: what was agreed, the ids of contexts, and the stream to go on. */
  record Agreed(ExportInfo info, Map<String, Integer> contextIds, Transport transport) {}

  /** Opens the export with the contexts that the server has of those asked for. */
  Agreed open(List<String> contexts) throws IOException {
    greet();
    options.send(Nbd.OPT_STRUCTURED_REPLY, ByteBuffer.allocate(0));
    boolean structured = acknowledged(options.receive(Nbd.OPT_STRUCTURED_REPLY));
    Map<String, Integer> contextIds = structured ? setContexts(contexts) : Map.of();
    return go(structured, contextIds);
  }

  /** Names of the server's exports; ends the handshake. */
  List<String> list() throws IOException {
    greet();
    options.send(Nbd.OPT_LIST, ByteBuffer.allocate(0));
    List<String> names = new ArrayList<>();
    for (OptionReply reply = receive(Nbd.OPT_LIST, names.size());
        reply.type() != Nbd.REP_ACK;
        reply = receive(Nbd.OPT_LIST, names.size())) {
      if (reply.type() != Nbd.REP_SERVER || reply.data().remaining() < 4) {
        throw unexpected("a list of exports", reply);
      }
      int bytes = reply.data().getInt();
      if (bytes < 0 || bytes > reply.data().remaining()) {
        throw failures.protocol("export name longer than its reply");
      }
      byte[] name = new byte[bytes];
      reply.data().get(name);
      names.add(new String(name, StandardCharsets.UTF_8));
    }
    options.send(Nbd.OPT_ABORT, ByteBuffer.allocate(0));
    return names;
  }

  /** The stream after the handshake, which is another one than before when TLS began. */
  Transport transport() {
    return transport;
  }

  private void greet() throws IOException {
    ByteBuffer greeting = options.readExactly(18);
    if (greeting.getLong() != Nbd.INIT_MAGIC || greeting.getLong() != Nbd.OPTION_MAGIC) {
      throw failures.protocol("greeting of something else than a newstyle NBD server");
    }
    int flags = greeting.getShort();
    if ((flags & Nbd.FIXED_NEWSTYLE) == 0) {
      throw failures.protocol("it does not speak the fixed newstyle handshake");
    }
    options.write(
        ByteBuffer.allocate(4).putInt(flags & (Nbd.FIXED_NEWSTYLE | Nbd.NO_ZEROES)).flip());
    if (uri.tls()) {
      startTls();
    }
  }

  private void startTls() throws IOException {
    options.send(Nbd.OPT_STARTTLS, ByteBuffer.allocate(0));
    OptionReply reply = options.receive(Nbd.OPT_STARTTLS);
    if (reply.type() != Nbd.REP_ACK) {
      throw failures.refused(
          "does not offer TLS (" + Nbd.optionErrorName(reply.type()) + ")",
          "Switch on TLS at the server, or use nbd instead of nbds on a path that is private.");
    }
    TlsTransport tls =
        TlsTransport.over(transport, tlsLibrary.client(uri.certificates()), uri.host(), uri.port());
    try {
      tls.handshake();
    } catch (SSLException e) {
      throw failures.tls("the handshake was refused", e);
    }
    transport = tls;
    options = new OptionChannel(tls, failures);
  }

  private Map<String, Integer> setContexts(List<String> wanted) throws IOException {
    Set<String> queries = new LinkedHashSet<>();
    queries.add(Nbd.BASE_ALLOCATION);
    queries.addAll(wanted);
    options.send(
        Nbd.OPT_SET_META_CONTEXT, OptionChannel.contextQuery(uri.export(), List.copyOf(queries)));
    Map<String, Integer> ids = new LinkedHashMap<>();
    while (true) {
      OptionReply reply = receive(Nbd.OPT_SET_META_CONTEXT, ids.size());
      if (reply.type() == Nbd.REP_ACK) {
        return ids;
      }
      if (reply.isError() && reply.type() == Nbd.REP_ERR_UNSUP) {
        return Map.of();
      }
      if (reply.type() != Nbd.REP_META_CONTEXT || reply.data().remaining() < 4) {
        throw unexpected("block-status contexts", reply);
      }
      int id = reply.data().getInt();
      byte[] name = new byte[reply.data().remaining()];
      reply.data().get(name);
      String context = new String(name, StandardCharsets.UTF_8);
      if (!queries.contains(context) || ids.containsValue(id) || ids.put(context, id) != null) {
        throw failures.protocol("a block-status context that was not asked for, or twice");
      }
    }
  }

  private Agreed go(boolean structured, Map<String, Integer> contextIds) throws IOException {
    options.send(Nbd.OPT_GO, OptionChannel.infoQuery(uri.export(), List.of(Nbd.INFO_BLOCK_SIZE)));
    long size = -1;
    int flags = 0;
    int[] blocks = {1, 4096, NbdClientOptions.MAX_REQUEST_BYTES};
    for (int replies = 0; ; replies++) {
      OptionReply reply = receive(Nbd.OPT_GO, replies);
      if (reply.type() == Nbd.REP_ACK) {
        break;
      }
      if (reply.type() != Nbd.REP_INFO || reply.data().remaining() < 2) {
        throw unexpected("the export \"" + uri.export() + "\"", reply);
      }
      ByteBuffer data = reply.data();
      int kind = data.getShort();
      if (kind == Nbd.INFO_EXPORT && data.remaining() == 10) {
        size = data.getLong();
        flags = data.getShort() & 0xffff;
      } else if (kind == Nbd.INFO_BLOCK_SIZE && data.remaining() == 12) {
        blocks = new int[] {data.getInt(), data.getInt(), data.getInt()};
      } else if (kind == Nbd.INFO_EXPORT || kind == Nbd.INFO_BLOCK_SIZE) {
        throw failures.protocol("export information of a wrong length");
      }
    }
    if (size < 0 || (flags & Nbd.FLAG_HAS_FLAGS) == 0) {
      throw failures.protocol("an export without a usable size or without flags");
    }
    checkBlocks(blocks);
    ExportInfo info =
        new ExportInfo(
            size,
            flags,
            blocks[0],
            blocks[1],
            maximumBlock(blocks),
            structured,
            List.copyOf(contextIds.keySet()));
    return new Agreed(info, contextIds, transport);
  }

  private void checkBlocks(int[] blocks) {
    boolean powers = Integer.bitCount(blocks[0]) == 1 && Integer.bitCount(blocks[1]) == 1;
    boolean ordered =
        Integer.compareUnsigned(blocks[0], 64 << 10) <= 0
            && Integer.compareUnsigned(blocks[0], blocks[1]) <= 0
            && Integer.compareUnsigned(blocks[0], blocks[2]) <= 0;
    if (!powers || !ordered) {
      throw failures.protocol(
          "block sizes that cannot be: minimum "
              + Integer.toUnsignedString(blocks[0])
              + ", preferred "
              + Integer.toUnsignedString(blocks[1])
              + ", maximum "
              + Integer.toUnsignedString(blocks[2]));
    }
  }

  private static int maximumBlock(int[] blocks) {
    long maximum = Integer.toUnsignedLong(blocks[2]);
    return (int) Math.min(maximum, NbdClientOptions.MAX_REQUEST_BYTES) / blocks[0] * blocks[0];
  }

  private boolean acknowledged(OptionReply reply) {
    if (reply.type() == Nbd.REP_ERR_TLS_REQD) {
      throw tlsRequired();
    }
    return reply.type() == Nbd.REP_ACK;
  }

  private OptionReply receive(int option, int replies) throws IOException {
    if (replies > MAX_REPLIES) {
      throw failures.protocol("more than " + MAX_REPLIES + " replies to option " + option);
    }
    return options.receive(option);
  }

  private io.sendense.domain.SendenseException tlsRequired() {
    return failures.refused("demands TLS", "Use nbds instead of nbd and give tls-certificates=.");
  }

  private io.sendense.domain.SendenseException unexpected(String what, OptionReply reply) {
    if (!reply.isError()) {
      return failures.protocol("unknown reply " + reply.type() + " when asked for " + what);
    }
    if (reply.type() == Nbd.REP_ERR_TLS_REQD) {
      return tlsRequired();
    }
    String text = reply.text();
    return failures.refused(
        "refused "
            + what
            + " ("
            + Nbd.optionErrorName(reply.type())
            + (text.isEmpty() ? "" : ": " + text)
            + ")",
        "Check the export's name; `nbdinfo --list` shows what a server offers.");
  }
}
