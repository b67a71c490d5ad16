package io.sendense.connectors.disk;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sendense.domain.BlockRange;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Finds the holes of a sparse file by lseek(SEEK_DATA and SEEK_HOLE), which the JDK does not offer.
 * Holds a file descriptor of its own that nobody reads through, so its position may be moved by any
 * thread. What cannot be told is reported as data.
 */
final class HoleFinder implements AutoCloseable {
  // Linux: asm-generic/fcntl.h, uapi/linux/fs.h and asm-generic/errno-base.h.
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int ENXIO = 6;
  private static final int POSIX_FADV_DONTNEED = 4;

  private final Libc libc;
  private final int descriptor;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HoleFinder(Libc libc, int descriptor) {
    this.libc = libc;
    this.descriptor = descriptor;
  }

  /** Empty where the system, the file system or the JDK's settings do not allow it. */
  static Optional<HoleFinder> open(Path path) {
    Optional<Libc> libc = Libc.INSTANCE;
    if (libc.isEmpty()) {
      return Optional.empty();
    }
    int descriptor = libc.get().openRead(path);
    if (descriptor < 0) {
      return Optional.empty();
    }
    HoleFinder finder = new HoleFinder(libc.get(), descriptor);
    if (libc.get().seek(descriptor, 0, SEEK_HOLE) < 0) {
      finder.close();
      return Optional.empty();
    }
    return Optional.of(finder);
  }

  /** The parts of {@code within} that hold data; beyond the end of the file counts as a hole. */
  List<BlockRange> data(BlockRange within) {
    List<BlockRange> found = new ArrayList<>();
    long at = within.offset();
    while (at < within.end()) {
      long start = libc.seek(descriptor, at, SEEK_DATA);
      if (start == -ENXIO) {
        break;
      }
      if (start < 0) {
        return List.of(within);
      }
      if (start >= within.end()) {
        break;
      }
      long end = libc.seek(descriptor, start, SEEK_HOLE);
      if (end <= start) {
        return List.of(within);
      }
      end = Math.min(end, within.end());
      found.add(new BlockRange(start, end - start));
      at = end;
    }
    return found;
  }

  /** Asks the kernel to forget its cached pages of the file, as far as they are on the medium. */
  void dropCache() {
    libc.forgetCache(descriptor);
  }

  @Override
  public void close() {
    // A second close(2) could hit a descriptor that someone else was given meanwhile.
    if (closed.compareAndSet(false, true)) {
      libc.close(descriptor);
    }
  }

  /** The four calls of the C library; errors come back as negative errno. */
  private record Libc(
      MethodHandle open, MethodHandle lseek, MethodHandle fadvise, MethodHandle close) {
    static final StructLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    static final Optional<Libc> INSTANCE = load();

    private static Optional<Libc> load() {
      if (!System.getProperty("os.name").equals("Linux")) {
        return Optional.empty();
      }
      try {
        Linker linker = Linker.nativeLinker();
        SymbolLookup lookup = linker.defaultLookup();
        Linker.Option errno = Linker.Option.captureCallState("errno");
        return Optional.of(
            new Libc(
                linker.downcallHandle(
                    lookup.findOrThrow("open"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                    Linker.Option.firstVariadicArg(2)),
                linker.downcallHandle(
                    lookup.findOrThrow("lseek"),
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT),
                    errno),
                linker.downcallHandle(
                    lookup.findOrThrow("posix_fadvise"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT)),
                linker.downcallHandle(
                    lookup.findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT))));
      } catch (RuntimeException e) {
        // No native access was granted, or this C library lacks a symbol: everything is data then.
        return Optional.empty();
      }
    }

    int openRead(Path path) {
      try (Arena arena = Arena.ofConfined()) {
        return (int) open.invokeExact(arena.allocateFrom(path.toString()), O_RDONLY_CLOEXEC);
      } catch (Throwable e) {
        throw new IllegalStateException("open(2) could not be called", e);
      }
    }

    long seek(int descriptor, long offset, int whence) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(STATE);
        long at = (long) lseek.invokeExact(state, descriptor, offset, whence);
        return at >= 0 ? at : -(long) (int) ERRNO.get(state, 0L);
      } catch (Throwable e) {
        throw new IllegalStateException("lseek(2) could not be called", e);
      }
    }

    /** Only advice: a file system that cannot take it changes nothing. */
    void forgetCache(int descriptor) {
      try {
        int ignored = (int) fadvise.invokeExact(descriptor, 0L, 0L, POSIX_FADV_DONTNEED);
      } catch (Throwable e) {
        throw new IllegalStateException("posix_fadvise(2) could not be called", e);
      }
    }

    void close(int descriptor) {
      try {
        int ignored = (int) close.invokeExact(descriptor);
      } catch (Throwable e) {
        throw new IllegalStateException("close(2) could not be called", e);
      }
    }
  }
}
