package io.sendense.nbd;

import io.sendense.domain.SendenseException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes replies from a transport, straight into the buffers of the requests they answer. Every
 * length is checked against what was asked for before a byte of it is read; anything else ends in
 * SOURCE_PROTOCOL. Used by one thread.
 */
final class ReplyReader {
  /** Where requests in flight are found and ended. */
  interface InFlight {
    Optional<Request> find(long cookie);

    void ended(long cookie, Request request);
  }

  private static final int STAGE_BYTES = 4096;
  // Error text is at most a protocol string.
  private static final int MAX_ERROR_BYTES = 4096 + 16;
  // A heap target is read in slices, because the JDK copies those through a direct buffer.
  private static final int HEAP_SLICE_BYTES = 128 << 10;

  private final Transport transport;
  private final InFlight inFlight;
  private final Failures failures;
  private final boolean structuredAgreed;
  private final ByteBuffer stage = ByteBuffer.allocateDirect(STAGE_BYTES).limit(0);

  ReplyReader(Transport transport, InFlight inFlight, Failures failures, boolean structuredAgreed) {
    this.structuredAgreed = structuredAgreed;
    this.transport = transport;
    this.inFlight = inFlight;
    this.failures = failures;
  }

  /** Reads one reply or one chunk of one. */
  void readOne() throws IOException {
    need(Nbd.SIMPLE_REPLY_BYTES);
    int magic = stage.getInt();
    if (magic == Nbd.STRUCTURED_REPLY_MAGIC && structuredAgreed) {
      need(Nbd.STRUCTURED_REPLY_BYTES - Integer.BYTES);
      structured();
    } else if (magic == Nbd.SIMPLE_REPLY_MAGIC) {
      simple();
    } else {
      throw failures.protocol("reply with unknown magic 0x" + Integer.toHexString(magic));
    }
  }

  private void simple() throws IOException {
    int error = stage.getInt();
    long cookie = stage.getLong();
    Request request = find(cookie);
    boolean needsChunks =
        request.type() == Nbd.CMD_BLOCK_STATUS
            || (request.type() == Nbd.CMD_READ && structuredAgreed);
    if (needsChunks && error == 0) {
      throw failures.protocol("simple reply where only a structured one may come");
    }
    if (error != 0) {
      request.fail(failures.request(request, error, ""));
    } else if (request.type() == Nbd.CMD_READ) {
      cover(request, 0, request.length());
      fill(request, 0, request.length());
    }
    inFlight.ended(cookie, request);
  }

  private void structured() throws IOException {
    int flags = stage.getShort() & 0xffff;
    int type = stage.getShort() & 0xffff;
    long cookie = stage.getLong();
    long length = Integer.toUnsignedLong(stage.getInt());
    Request request = find(cookie);
    switch (type) {
      case Nbd.REPLY_NONE -> {
        if (length != 0 || (flags & Nbd.REPLY_FLAG_DONE) == 0) {
          throw failures.protocol("empty chunk that has a length or is not the last");
        }
      }
      case Nbd.REPLY_OFFSET_DATA -> data(request, length);
      case Nbd.REPLY_OFFSET_HOLE -> hole(request, length);
      case Nbd.REPLY_BLOCK_STATUS -> blockStatus(request, length);
      case Nbd.REPLY_ERROR, Nbd.REPLY_ERROR_OFFSET -> error(request, type, length);
      default ->
          throw failures.protocol("chunk of unknown type " + type + " and " + length + " bytes");
    }
    if ((flags & Nbd.REPLY_FLAG_DONE) != 0) {
      checkComplete(request);
      inFlight.ended(cookie, request);
    }
  }

  private void checkComplete(Request request) {
    if (request.failure() != null) {
      return;
    }
    if (request.type() == Nbd.CMD_READ && !request.coverage().complete()) {
      throw failures.protocol("a read was answered in part only, without an error");
    }
    if (request.blockStatus().isPresent() && request.blockStatus().get().count() == 0) {
      throw failures.protocol("a block status request was answered without the context asked for");
    }
  }

  private void data(Request request, long length) throws IOException {
    if (request.type() != Nbd.CMD_READ || length <= Long.BYTES) {
      throw failures.protocol("data chunk of " + length + " bytes for another kind of request");
    }
    need(Long.BYTES);
    long at = stage.getLong() - request.offset();
    long bytes = length - Long.BYTES;
    cover(request, at, bytes);
    fill(request, (int) at, (int) bytes);
  }

  private void hole(Request request, long length) throws IOException {
    if (request.type() != Nbd.CMD_READ || length != Long.BYTES + Integer.BYTES) {
      throw failures.protocol("hole chunk of " + length + " bytes, or for another kind of request");
    }
    need(Long.BYTES + Integer.BYTES);
    long at = stage.getLong() - request.offset();
    long bytes = Integer.toUnsignedLong(stage.getInt());
    cover(request, at, bytes);
    if (request.beginFill()) {
      try {
        MemorySegment.ofBuffer(request.slice((int) at, (int) bytes)).fill((byte) 0);
      } finally {
        request.endFill();
      }
    }
  }

  private void cover(Request request, long at, long bytes) {
    boolean within = at >= 0 && bytes > 0 && at <= request.length() - bytes;
    if (!within || !request.coverage().add((int) at, (int) (at + bytes))) {
      throw failures.protocol(
          bytes
              + " bytes at "
              + at
              + " of a read of "
              + request.length()
              + " bytes are outside it, repeated or in too many pieces");
    }
  }

  private void fill(Request request, int at, int bytes) throws IOException {
    if (!request.beginFill()) {
      drop(bytes);
      return;
    }
    try {
      ByteBuffer target = request.slice(at, bytes);
      int staged = Math.min(stage.remaining(), bytes);
      target.put(stage.slice(stage.position(), staged));
      stage.position(stage.position() + staged);
      if (target.isDirect()) {
        fillDirect(target);
      } else {
        while (target.hasRemaining()) {
          target.limit(Math.min(bytes, target.position() + HEAP_SLICE_BYTES));
          readSome(target);
          target.limit(bytes);
        }
      }
    } finally {
      request.endFill();
    }
  }

  private void fillDirect(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return;
    }
    // The stage is empty here: what follows the payload may arrive in the same system call.
    stage.clear();
    try {
      while (target.hasRemaining()) {
        if (transport.read(target, stage) < 0) {
          throw new EOFException("the server closed it in the middle of a reply");
        }
      }
    } finally {
      stage.flip();
    }
  }

  private void drop(int bytes) throws IOException {
    int left = bytes;
    while (left > 0) {
      need(1);
      int now = Math.min(left, stage.remaining());
      stage.position(stage.position() + now);
      left -= now;
    }
  }

  private void blockStatus(Request request, long length) throws IOException {
    long descriptors = (length - Integer.BYTES) / Long.BYTES;
    if (request.blockStatus().isEmpty()
        || length != Integer.BYTES + descriptors * Long.BYTES
        || descriptors < 1
        || descriptors > BlockStatusSink.MAX_DESCRIPTORS) {
      throw failures.protocol("block status chunk of " + length + " bytes");
    }
    BlockStatusSink sink = request.blockStatus().get();
    need(Integer.BYTES);
    boolean wanted = stage.getInt() == sink.context();
    if (wanted && !sink.begin()) {
      throw failures.protocol("two block status chunks of one context in a reply");
    }
    for (long i = 0; i < descriptors; i++) {
      need(Long.BYTES);
      int extent = stage.getInt();
      int flags = stage.getInt();
      if (extent == 0) {
        throw failures.protocol("block status with an empty extent");
      }
      if (wanted) {
        sink.add(extent, flags);
      }
    }
  }

  private void error(Request request, int type, long length) throws IOException {
    int fixed = Integer.BYTES + Short.BYTES;
    if (length < fixed || length > MAX_ERROR_BYTES) {
      throw failures.protocol("error chunk of " + length + " bytes");
    }
    need(fixed);
    int error = stage.getInt();
    int textBytes = stage.getShort() & 0xffff;
    long tail = length - fixed - textBytes;
    if (tail != (type == Nbd.REPLY_ERROR_OFFSET ? Long.BYTES : 0) || error == 0) {
      throw failures.protocol("error chunk whose lengths do not add up, or without an error");
    }
    byte[] text = new byte[textBytes];
    for (int got = 0; got < textBytes; ) {
      need(1);
      int now = Math.min(textBytes - got, stage.remaining());
      stage.get(text, got, now);
      got += now;
    }
    drop((int) tail);
    SendenseException failure = failures.request(request, error, Failures.shown(text));
    request.fail(failure);
  }

  private Request find(long cookie) {
    return inFlight
        .find(cookie)
        .orElseThrow(
            () ->
                failures.protocol(
                    "reply to a request that is not in flight, 0x" + Long.toHexString(cookie)));
  }

  /** Returns with at least {@code bytes} in the stage. */
  private void need(int bytes) throws IOException {
    if (stage.remaining() >= bytes) {
      return;
    }
    stage.compact();
    try {
      while (stage.position() < bytes) {
        readSome(stage);
      }
    } finally {
      stage.flip();
    }
  }

  private void readSome(ByteBuffer target) throws IOException {
    if (transport.read(target) < 0) {
      throw new EOFException("the server closed it");
    }
  }
}
