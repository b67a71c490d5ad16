package io.sendense.nbd;

import io.sendense.domain.BlockRange;
import org.jspecify.annotations.Nullable;

/**
 * Turns a server's block-status answers, which may be short or reach too far, into extents that
 * cover a range exactly. For one walk, on one thread.
 */
final class ExtentWalk {
  /** Asks the server about a range. */
  interface Source {
    BlockStatusSink status(long offset, long length);
  }

  private final BlockRange within;
  private final ExportInfo info;
  private final Failures failures;
  private final ExtentVisitor visitor;
  private @Nullable Extent pending;

  ExtentWalk(BlockRange within, ExportInfo info, Failures failures, ExtentVisitor visitor) {
    this.within = within;
    this.info = info;
    this.failures = failures;
    this.visitor = visitor;
  }

  void run(Source source, long largestBytes) {
    int block = info.minimumBlockBytes();
    long at = within.offset() - within.offset() % block;
    while (at < within.end()) {
      long end = Math.min(at + largestBytes, within.end());
      long rounded = Math.min((end + block - 1) / block * block, info.sizeBytes());
      BlockStatusSink answer = source.status(at, rounded - at);
      long before = at;
      for (int i = 0; i < answer.count() && at < within.end(); i++) {
        long next = at + answer.length(i);
        accept(Math.max(at, within.offset()), Math.min(next, within.end()), answer.flags(i));
        at = next;
      }
      if (at == before) {
        throw failures.protocol("block status without progress");
      }
    }
    if (pending != null) {
      visitor.visit(pending);
    }
  }

  private void accept(long from, long to, int flags) {
    if (from >= to) {
      return;
    }
    Extent last = pending;
    if (last != null && last.flags() == flags) {
      pending = new Extent(last.offset(), last.length() + (to - from), flags);
    } else {
      if (last != null) {
        visitor.visit(last);
      }
      pending = new Extent(from, to - from, flags);
    }
  }
}
