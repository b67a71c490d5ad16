package io.sendense.repository.chain;

import io.sendense.domain.BlockRange;
import io.sendense.images.Qcow2Reader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A qcow2 file and the files it stands on, newest first, read as QEMU reads them: what a layer
 * leaves open comes from the one below, and what lies beyond a layer's end is zeros whatever the
 * layers below it hold there. Thread-safe.
 */
final class Layers implements AutoCloseable {
  /** Each layer is an open file; a chain so long is in need of merging long since. */
  private static final int LAYERS_MAX = 2000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*[.]qcow2");

  private final List<Path> files;
  private final List<Qcow2Reader> readers;

  private Layers(List<Path> files, List<Qcow2Reader> readers) {
    this.files = List.copyOf(files);
    this.readers = List.copyOf(readers);
  }

  /**
   * @throws io.sendense.domain.SendenseException STORE_OBJECT_MISSING, STORE_DAMAGED
   */
  static Layers open(Path top) {
    List<Path> files = new ArrayList<>();
    List<Qcow2Reader> readers = new ArrayList<>();
    Path next = top;
    try {
      while (true) {
        Qcow2Reader reader = Qcow2Reader.open(next);
        files.add(next);
        readers.add(reader);
        Optional<String> backing = reader.backing();
        if (backing.isEmpty()) {
          return new Layers(files, readers);
        }
        // A name that leads out of the folder was not written here.
        if (!NAME.matcher(backing.get()).matches() || readers.size() == LAYERS_MAX) {
          throw Failure.damaged(next, "its backing file cannot be \"" + backing.get() + "\"");
        }
        next = next.resolveSibling(backing.get());
      }
    } catch (IOException e) {
      closeAll(readers, e);
      throw Failure.of(next, e);
    } catch (RuntimeException e) {
      closeAll(readers, e);
      throw e;
    }
  }

  /** The files, newest first. */
  List<Path> files() {
    return files;
  }

  /** Size of the image on top. */
  long sizeBytes() {
    return readers.getFirst().sizeBytes();
  }

  /** Where a piece comes from; OPEN is what the layers looked at leave to those below. */
  enum Source {
    DATA,
    ZERO,
    OPEN
  }

  record Piece(BlockRange range, Source source) {}

  /**
   * Ascending pieces of a range, looking at so many layers from the top. What is left open by the
   * bottom layer of all counts as zeros.
   */
  List<Piece> pieces(BlockRange range, int layers) throws IOException {
    List<Piece> found = new ArrayList<>();
    collect(0, layers, range, found);
    return found;
  }

  private void collect(int layer, int layers, BlockRange range, List<Piece> found)
      throws IOException {
    if (layer == layers) {
      found.add(new Piece(range, layer == readers.size() ? Source.ZERO : Source.OPEN));
      return;
    }
    Qcow2Reader reader = readers.get(layer);
    long end = Math.min(range.end(), reader.sizeBytes());
    if (range.offset() < end) {
      BlockRange inside = new BlockRange(range.offset(), end - range.offset());
      for (Qcow2Reader.Extent extent : reader.extents(inside)) {
        switch (extent.origin()) {
          case DATA -> found.add(new Piece(extent.range(), Source.DATA));
          case ZERO -> found.add(new Piece(extent.range(), Source.ZERO));
          case BACKING -> collect(layer + 1, layers, extent.range(), found);
        }
      }
    }
    if (end < range.end()) {
      long from = Math.max(end, range.offset());
      found.add(new Piece(new BlockRange(from, range.end() - from), Source.ZERO));
    }
  }

  /** Ranges that hold data, ascending, neighbours joined. */
  List<BlockRange> allocated(BlockRange within) throws IOException {
    List<BlockRange> joined = new ArrayList<>();
    for (Piece piece : pieces(within, readers.size())) {
      if (piece.source() != Source.DATA) {
        continue;
      }
      BlockRange range = piece.range();
      if (!joined.isEmpty() && joined.getLast().end() == range.offset()) {
        BlockRange last = joined.removeLast();
        range = new BlockRange(last.offset(), last.length() + range.length());
      }
      joined.add(range);
    }
    return joined;
  }

  /** Fills the buffer with the content at an offset; beyond the end of the top it is zeros. */
  void read(long offset, ByteBuffer target) throws IOException {
    if (target.hasRemaining()) {
      read(0, offset, target);
    }
  }

  private void read(int layer, long offset, ByteBuffer target) throws IOException {
    if (layer == readers.size()) {
      zeros(target, target.remaining());
      return;
    }
    Qcow2Reader reader = readers.get(layer);
    long end = Math.min(offset + target.remaining(), reader.sizeBytes());
    if (offset < end) {
      for (Qcow2Reader.Extent extent : reader.extents(new BlockRange(offset, end - offset))) {
        int length = (int) extent.range().length();
        ByteBuffer part = target.slice(target.position(), length);
        switch (extent.origin()) {
          case DATA -> reader.read(extent.range().offset(), part);
          case ZERO -> zeros(part, length);
          case BACKING -> read(layer + 1, extent.range().offset(), part);
        }
        target.position(target.position() + length);
      }
    }
    zeros(target, target.remaining());
  }

  private static void zeros(ByteBuffer target, int length) {
    for (int done = 0; done < length; done += ZEROS.length) {
      target.put(ZEROS, 0, Math.min(ZEROS.length, length - done));
    }
  }

  private static final byte[] ZEROS = new byte[64 << 10];

  private static void closeAll(List<Qcow2Reader> readers, Throwable failure) {
    for (Qcow2Reader reader : readers) {
      try {
        reader.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    IOException failure = new IOException("a layer cannot be closed");
    closeAll(readers, failure);
    if (failure.getSuppressed().length > 0) {
      throw Failure.of(files.getFirst(), failure);
    }
  }
}
