package io.sendense.nbd;

import io.sendense.domain.BlockRange;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An open export of an NBD server. All methods block, may be called by many threads at once,
 * platform or virtual, and end by the request deadline. Requests are spread over the connections
 * and pipelined on each.
 *
 * <p>A failed request leaves the export usable; a lost connection or a broken protocol does not,
 * and then every call that waits and every later one fails with the reason. Interrupting a thread
 * ends its call with CANCELLED, and where it strikes in the middle of sending also the connection.
 */
public final class NbdExport implements AutoCloseable {
  // Block status is asked for at most this much at a time; the protocol's limit is 4 GiB - 1.
  private static final long MAX_STATUS_BYTES = 1L << 31;
  // An answer held as a list is bounded; a visitor is not.
  private static final int MAX_LISTED_EXTENTS = 1 << 23;

  private record Sent(Connection connection, Request request) {}

  private final ExportInfo info;
  private final Map<String, Integer> contextIds;
  private final List<Connection> connections;
  private final NbdClientOptions options;
  private final Failures failures;
  private final ScheduledExecutorService deadlines;
  private final ScheduledFuture<?> writeWatch;
  private final int requestBytes;
  private final AtomicInteger turn = new AtomicInteger();

  NbdExport(
      ExportInfo info,
      Map<String, Integer> contextIds,
      List<Connection> connections,
      NbdClientOptions options,
      Failures failures,
      ScheduledExecutorService deadlines) {
    this.info = info;
    this.contextIds = Map.copyOf(contextIds);
    this.connections = List.copyOf(connections);
    this.options = options;
    this.failures = failures;
    this.deadlines = deadlines;
    int wanted = Math.min(options.requestBytes(), info.maximumBlockBytes());
    this.requestBytes =
        Math.max(info.minimumBlockBytes(), wanted - wanted % info.minimumBlockBytes());
    long period = Math.clamp(options.requestDeadline().toMillis() / 4, 10, 1000);
    this.writeWatch =
        deadlines.scheduleWithFixedDelay(
            () -> this.connections.forEach(Connection::checkWriting),
            period,
            period,
            TimeUnit.MILLISECONDS);
  }

  public ExportInfo info() {
    return info;
  }

  public long sizeBytes() {
    return info.sizeBytes();
  }

  /** How many connections are open. */
  public int connections() {
    return connections.size();
  }

  /** Whether block status can be asked for in this context. */
  public boolean hasContext(String context) {
    return contextIds.containsKey(context);
  }

  /**
   * Fills {@code target} from its position to its limit with the bytes at {@code offset}; the
   * position ends at the limit. Direct buffers are filled without a copy.
   *
   * @throws SendenseException BAD_ARGUMENT where the range is not within the export,
   *     SOURCE_UNREADABLE where the server says the range cannot be read or the connection is lost,
   *     SOURCE_PROTOCOL, DEADLINE_EXCEEDED, CANCELLED. The buffer's content is then undefined, its
   *     position as it was, and nothing writes to it any more
   */
  public void read(long offset, ByteBuffer target) {
    checkRange(offset, target.remaining());
    if (!target.hasRemaining()) {
      return;
    }
    int block = info.minimumBlockBytes();
    if (offset % block == 0 && target.remaining() % block == 0) {
      readAligned(offset, target.duplicate());
    } else {
      readThroughBounce(offset, target.duplicate(), block);
    }
    target.position(target.limit());
  }

  /**
   * Walks the extents of a context within a range: together they cover exactly that range,
   * ascending and without overlap, and neighbours differ in their flags.
   *
   * @throws SendenseException BAD_ARGUMENT where the context was not agreed on, otherwise as for
   *     {@link #read}; the visitor may have seen a part by then
   */
  public void extents(String context, BlockRange within, ExtentVisitor visitor) {
    checkRange(within.offset(), within.length());
    Integer id = contextIds.get(context);
    if (id == null) {
      throw failures.unsupported("the block-status context " + context);
    }
    new ExtentWalk(within, info, failures, visitor)
        .run((offset, length) -> status(id, offset, length), MAX_STATUS_BYTES);
  }

  /**
   * The extents of a context within a range, as for the visitor.
   *
   * @throws SendenseException also LIMIT_REACHED where there are more than 8 million
   */
  public List<Extent> extents(String context, BlockRange within) {
    List<Extent> extents = new ArrayList<>();
    extents(
        context,
        within,
        extent -> {
          if (extents.size() == MAX_LISTED_EXTENTS) {
            throw new SendenseException(
                ErrorCode.LIMIT_REACHED,
                "The disk has more than " + MAX_LISTED_EXTENTS + " extents in " + context + ".",
                "Ask for a part of the disk at a time.");
          }
          extents.add(extent);
        });
    return extents;
  }

  /**
   * Writes the buffer from its position to its limit at {@code offset}; durable after {@link
   * #flush}. Offset and length must be multiples of the minimum block size.
   *
   * @throws SendenseException as for {@link #read}; also NO_SPACE, and BAD_ARGUMENT where the
   *     export is read-only
   */
  public void write(long offset, ByteBuffer source) {
    checkWritable(offset, source.remaining());
    long deadline = deadline();
    ByteBuffer rest = source.duplicate();
    while (rest.hasRemaining()) {
      int bytes = Math.min(requestBytes, rest.remaining());
      ByteBuffer payload = rest.slice(rest.position(), bytes);
      long at = offset + (rest.position() - source.position());
      call(Request.plain(Nbd.CMD_WRITE, at, bytes), Optional.of(payload), deadline);
      rest.position(rest.position() + bytes);
    }
    source.position(source.limit());
  }

  /** Returns when everything written by calls that have returned is durable. */
  public void flush() {
    if (info.canFlush()) {
      call(Request.plain(Nbd.CMD_FLUSH, 0, 0), Optional.empty(), deadline());
    } else if (!info.readOnly()) {
      throw failures.unsupported("flushing");
    }
  }

  /** Tells the server that a range is no longer needed; what it reads as is then undefined. */
  public void trim(BlockRange range) {
    change(range, info.canTrim(), "trimming", Nbd.CMD_TRIM);
  }

  /** Makes a range read as zeros. */
  public void zero(BlockRange range) {
    change(range, info.canZero(), "zeroing", Nbd.CMD_WRITE_ZEROES);
  }

  /** Says goodbye to the server and closes all connections. May be called twice. */
  @Override
  public void close() {
    connections.forEach(Connection::close);
    writeWatch.cancel(false);
    deadlines.shutdownNow();
  }

  private void change(BlockRange range, boolean can, String what, int command) {
    checkWritable(range.offset(), range.length());
    if (!can) {
      throw failures.unsupported(what);
    }
    long deadline = deadline();
    long largest = (1L << 30) - (1L << 30) % info.minimumBlockBytes();
    for (long at = range.offset(); at < range.end(); at += largest) {
      int bytes = (int) Math.min(largest, range.end() - at);
      call(Request.plain(command, at, bytes), Optional.empty(), deadline);
    }
  }

  private BlockStatusSink status(int context, long offset, long length) {
    BlockStatusSink sink = new BlockStatusSink(context);
    call(Request.blockStatus(offset, (int) length, sink), Optional.empty(), deadline());
    return sink;
  }

  private void readAligned(long offset, ByteBuffer target) {
    long deadline = deadline();
    if (target.remaining() <= requestBytes) {
      call(Request.read(offset, target), Optional.empty(), deadline);
      return;
    }
    List<Sent> sent = new ArrayList<>(target.remaining() / requestBytes + 1);
    @Nullable SendenseException failure = null;
    int start = target.position();
    try {
      for (int at = 0; at < target.remaining(); at += requestBytes) {
        int bytes = Math.min(requestBytes, target.remaining() - at);
        Request request = Request.read(offset + at, target.slice(start + at, bytes));
        sent.add(new Sent(send(request, Optional.empty(), deadline), request));
      }
    } catch (SendenseException e) {
      failure = e;
    }
    // Every part is waited for, also after a failure: the buffer must be the caller's again.
    for (Sent part : sent) {
      Optional<SendenseException> ended = part.connection.finish(part.request, deadline);
      if (failure == null && ended.isPresent()) {
        failure = ended.get();
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void readThroughBounce(long offset, ByteBuffer target, int block) {
    long from = offset - offset % block;
    long roundedEnd = (offset + target.remaining() + block - 1) / block * block;
    // A disk whose size is not a multiple of its block ends with a part of one.
    long end = Math.min(roundedEnd, info.sizeBytes());
    ByteBuffer bounce = ByteBuffer.allocate(Math.toIntExact(end - from));
    readAligned(from, bounce.duplicate());
    target.put(bounce.slice((int) (offset - from), target.remaining()));
  }

  private void call(Request request, Optional<ByteBuffer> payload, long deadline) {
    Connection connection = send(request, payload, deadline);
    Optional<SendenseException> failure = connection.finish(request, deadline);
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private Connection send(Request request, Optional<ByteBuffer> payload, long deadline) {
    int count = connections.size();
    int start = Math.floorMod(turn.getAndIncrement(), count);
    Connection chosen = connections.get(start);
    for (int i = 1; i < count && !chosen.hasRoom(); i++) {
      chosen = connections.get((start + i) % count);
    }
    chosen.send(request, 0, payload, deadline);
    return chosen;
  }

  private long deadline() {
    return System.nanoTime() + options.requestDeadline().toNanos();
  }

  private void checkRange(long offset, long length) {
    if (offset < 0 || length < 0 || offset > info.sizeBytes() - length) {
      throw failures.badRange(offset, length, info.sizeBytes());
    }
  }

  private void checkWritable(long offset, long length) {
    checkRange(offset, length);
    if (info.readOnly()) {
      throw failures.unsupported("writing; it is read-only");
    }
    if (offset % info.minimumBlockBytes() != 0 || length % info.minimumBlockBytes() != 0) {
      throw failures.unsupported(
          "writes that are not a multiple of " + info.minimumBlockBytes() + " bytes");
    }
  }
}
