package io.sendense.repository.chain;

import io.sendense.domain.BlockRange;
import io.sendense.images.ImageWriter;
import io.sendense.images.Qcow2Writer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** One new file with the content of some neighbouring layers; the layers stay as they are. */
final class Merge {
  private static final int CLUSTER = ImageWriter.UNIT_BYTES;
  private static final int STEP = 1 << 20;
  private static final long WINDOW = 256L << 20;

  private final Layers layers;
  private final int count;
  private final Qcow2Writer out;
  private final boolean onBacking;
  private long writtenTo;

  private Merge(Layers layers, int count, Qcow2Writer out, boolean onBacking) {
    this.layers = layers;
    this.count = count;
    this.out = out;
    this.onBacking = onBacking;
  }

  /**
   * Writes the file durably and compares it, with what it stands on, to what it replaces.
   *
   * @param count layers from the top that become one
   * @param backing name of what the new file stands on; empty for nothing
   */
  static void write(Layers layers, int count, Optional<String> backing, Path temporary) {
    try (Qcow2Writer out =
        Qcow2Writer.create(
            temporary, new Qcow2Writer.Options(layers.sizeBytes(), backing, false))) {
      Merge merge = new Merge(layers, count, out, backing.isPresent());
      for (long at = 0; at < layers.sizeBytes(); at += WINDOW) {
        merge.window(new BlockRange(at, Math.min(WINDOW, layers.sizeBytes() - at)));
      }
      out.finish();
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
    try (Layers merged = Layers.open(temporary)) {
      compare(layers, merged);
    } catch (IOException e) {
      throw Failure.of(temporary, e);
    }
  }

  private void window(BlockRange window) throws IOException {
    for (Layers.Piece piece : layers.pieces(window, count)) {
      BlockRange range = piece.range();
      switch (piece.source()) {
        case DATA -> copy(range.offset(), range.end());
        case ZERO -> zero(range);
        case OPEN -> {}
      }
    }
  }

  /** Whole clusters, whatever layers their parts come from. */
  private void copy(long from, long to) throws IOException {
    long at = Math.max(writtenTo, from / CLUSTER * CLUSTER);
    long end = Math.min(layers.sizeBytes(), Math.ceilDiv(to, CLUSTER) * CLUSTER);
    while (at < end) {
      int length = (int) Math.min(STEP, end - at);
      ByteBuffer content = ByteBuffer.allocate(length);
      layers.read(at, content);
      out.write(at, content.flip());
      at += length;
    }
    writtenTo = Math.max(writtenTo, end);
  }

  /** Where layers end within a cluster, only a part of it is zeros. */
  private void zero(BlockRange range) throws IOException {
    if (!onBacking) {
      return;
    }
    long from = Math.ceilDiv(range.offset(), CLUSTER) * CLUSTER;
    long to = range.end() == layers.sizeBytes() ? range.end() : range.end() / CLUSTER * CLUSTER;
    if (from > range.offset()) {
      copy(range.offset(), Math.min(range.end(), from));
    }
    long start = Math.max(from, writtenTo);
    if (start < to) {
      out.zero(start, to - start);
    }
    if (to < range.end() && to >= from) {
      copy(to, range.end());
    }
  }

  private static void compare(Layers before, Layers after) throws IOException {
    byte[] one = new byte[STEP];
    byte[] other = new byte[STEP];
    for (long at = 0; at < before.sizeBytes(); at += WINDOW) {
      BlockRange window = new BlockRange(at, Math.min(WINDOW, before.sizeBytes() - at));
      if (before.allocated(window).isEmpty() && after.allocated(window).isEmpty()) {
        continue;
      }
      for (long step = window.offset(); step < window.end(); step += STEP) {
        int length = (int) Math.min(STEP, window.end() - step);
        before.read(step, ByteBuffer.wrap(one, 0, length));
        after.read(step, ByteBuffer.wrap(other, 0, length));
        if (!Arrays.equals(one, 0, length, other, 0, length)) {
          throw Failure.damaged(
              after.files().getFirst(), "bytes from " + step + " are not what was merged");
        }
      }
    }
  }
}
