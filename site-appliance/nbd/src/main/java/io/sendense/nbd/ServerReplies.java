package io.sendense.nbd;

import io.netty.buffer.ByteBuf;
import io.sendense.domain.BlockRange;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes the reply to a request, whole, in one buffer. Blocks; used by many threads at once. */
final class ServerReplies {
  private static final System.Logger LOG = System.getLogger(ServerReplies.class.getName());
  private static final int CHUNK_BYTES = Nbd.STRUCTURED_REPLY_BYTES + Long.BYTES;
  // A client asks again for what an answer leaves out.
  private static final long MAX_STATUS_BYTES = 1L << 30;
  private static final int MAX_DESCRIPTORS = 1 << 16;
  private static final int MAX_MESSAGE_BYTES = 1024;
  private static final int HOLE = Extent.HOLE | Extent.ZERO;

  private final ExportSource export;
  private final boolean structured;
  private final boolean blockStatus;

  ServerReplies(ExportSource export, boolean structured, boolean blockStatus) {
    this.export = export;
    this.structured = structured;
    this.blockStatus = blockStatus;
  }

  /** The reply, in a buffer that is the caller's to give back. */
  ByteBuf answer(ServerRequest request, ReplyMemory memory) {
    ByteBuf reply = memory.take(firstGuess(request));
    try {
      write(request, reply);
    } catch (SendenseException e) {
      LOG.log(System.Logger.Level.WARNING, "an NBD client's read failed: " + e.getMessage());
      error(request, reply.clear(), Nbd.EIO, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "an NBD client's read failed", e);
      error(request, reply.clear(), Nbd.EIO, "internal error of the server");
    } catch (Error e) {
      reply.release();
      throw e;
    }
    return reply;
  }

  private void write(ServerRequest request, ByteBuf reply) {
    switch (request.type()) {
      case Nbd.CMD_READ -> {
        int known = structured ? Nbd.CMD_FLAG_DF : 0;
        if (refused(request, known, NbdServerOptions.MAX_REQUEST_BYTES)) {
          error(request, reply, Nbd.EINVAL, "this read is not within the disk or is too large");
        } else if (!structured) {
          simple(request, reply, 0);
          readInto(request.offset(), (int) request.length(), reply);
        } else {
          read(request, reply);
        }
      }
      case Nbd.CMD_BLOCK_STATUS -> {
        if (!blockStatus || refused(request, Nbd.CMD_FLAG_REQ_ONE, Long.MAX_VALUE)) {
          error(request, reply, Nbd.EINVAL, "block status was not agreed on or is out of range");
        } else {
          status(request, reply);
        }
      }
      case Nbd.CMD_WRITE, Nbd.CMD_TRIM, Nbd.CMD_WRITE_ZEROES ->
          error(request, reply, Nbd.EPERM, "this export is read-only");
      default -> error(request, reply, Nbd.EINVAL, "unknown command");
    }
  }

  private boolean refused(ServerRequest request, int knownFlags, long mostBytes) {
    return (request.flags() & ~knownFlags) != 0
        || request.length() == 0
        || request.length() > mostBytes
        || request.offset() < 0
        || request.offset() > export.sizeBytes() - request.length();
  }

  private void read(ServerRequest request, ByteBuf reply) {
    BlockRange range = new BlockRange(request.offset(), request.length());
    List<BlockRange> data = export.allocated(range);
    boolean whole = (request.flags() & Nbd.CMD_FLAG_DF) != 0 && !data.isEmpty();
    if (whole) {
      data = List.of(range);
    }
    long at = range.offset();
    for (BlockRange piece : data) {
      if (piece.offset() < at || piece.end() > range.end()) {
        throw new IllegalStateException("allocated ranges of an export overlap: " + data);
      }
      if (piece.offset() > at) {
        hole(request, reply, at, piece.offset() - at, false);
      }
      at = piece.end();
      chunk(request, reply, Nbd.REPLY_OFFSET_DATA, Long.BYTES + piece.length(), at == range.end());
      reply.writeLong(piece.offset());
      readInto(piece.offset(), (int) piece.length(), reply);
    }
    if (at < range.end()) {
      hole(request, reply, at, range.end() - at, true);
    }
  }

  private void hole(ServerRequest request, ByteBuf reply, long at, long bytes, boolean last) {
    chunk(request, reply, Nbd.REPLY_OFFSET_HOLE, Long.BYTES + Integer.BYTES, last);
    reply.writeLong(at).writeInt((int) bytes);
  }

  private void readInto(long offset, int bytes, ByteBuf reply) {
    reply.ensureWritable(bytes);
    ByteBuffer target = reply.nioBuffer(reply.writerIndex(), bytes);
    export.read(offset, target);
    if (target.hasRemaining()) {
      throw new IllegalStateException("an export left a read unfinished");
    }
    reply.writerIndex(reply.writerIndex() + bytes);
  }

  private void status(ServerRequest request, ByteBuf reply) {
    long bytes = Math.min(request.length(), MAX_STATUS_BYTES);
    BlockRange range = new BlockRange(request.offset(), bytes);
    boolean one = (request.flags() & Nbd.CMD_FLAG_REQ_ONE) != 0;
    chunk(request, reply, Nbd.REPLY_BLOCK_STATUS, 0, true);
    int start = reply.writerIndex();
    reply.writeInt(ServerHandshake.CONTEXT_ID);
    int most = one ? 1 : MAX_DESCRIPTORS;
    int written = 0;
    long at = range.offset();
    for (BlockRange piece : export.allocated(range)) {
      if (piece.offset() > at && written < most) {
        reply.writeInt((int) (piece.offset() - at)).writeInt(HOLE);
        written++;
      }
      if (written < most) {
        reply.writeInt((int) piece.length()).writeInt(0);
        written++;
      }
      at = piece.end();
    }
    if (at < range.end() && written < most) {
      reply.writeInt((int) (range.end() - at)).writeInt(HOLE);
    }
    reply.setInt(start - Integer.BYTES, reply.writerIndex() - start);
  }

  private void error(ServerRequest request, ByteBuf reply, int error, String message) {
    if (!structured) {
      simple(request, reply, error);
      return;
    }
    byte[] utf8 = message.getBytes(StandardCharsets.UTF_8);
    int bytes = Math.min(utf8.length, MAX_MESSAGE_BYTES);
    chunk(request, reply, Nbd.REPLY_ERROR, Integer.BYTES + Short.BYTES + bytes, true);
    reply.writeInt(error).writeShort(bytes).writeBytes(utf8, 0, bytes);
  }

  private static void simple(ServerRequest request, ByteBuf reply, int error) {
    reply.writeInt(Nbd.SIMPLE_REPLY_MAGIC).writeInt(error).writeLong(request.cookie());
  }

  private static void chunk(
      ServerRequest request, ByteBuf reply, int type, long length, boolean last) {
    reply.writeInt(Nbd.STRUCTURED_REPLY_MAGIC).writeShort(last ? Nbd.REPLY_FLAG_DONE : 0);
    reply.writeShort(type).writeLong(request.cookie()).writeInt((int) length);
  }

  private static int firstGuess(ServerRequest request) {
    return (int) request.replyBytes() + CHUNK_BYTES;
  }
}
