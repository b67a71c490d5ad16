package io.sendense.recovery.out;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Two calls into the C library. The JDK sets extended attributes of the namespace user only, and
 * ACLs are in another; and it can force one file to the medium, not all that were written.
 */
final class LinuxFiles {
  private static final int NOT_SUPPORTED = 95;
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final @Nullable MethodHandle SET =
      bind(
          "lsetxattr",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final @Nullable MethodHandle OPEN =
      bind(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final @Nullable MethodHandle SYNC =
      bind("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final @Nullable MethodHandle CLOSE =
      bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private LinuxFiles() {}

  private static @Nullable MethodHandle bind(
      String name, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find(name)
        .map(address -> linker.downcallHandle(address, type, options))
        .orElse(null);
  }

  /** 0, or the error number of Linux. Follows no link. */
  static int setXattr(Path place, String name, byte[] value) {
    MethodHandle call = SET;
    if (call == null || name.isEmpty() || name.indexOf('\0') >= 0) {
      return NOT_SUPPORTED;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment bytes = arena.allocate(Math.max(1, value.length));
      MemorySegment.copy(MemorySegment.ofArray(value), 0, bytes, 0, value.length);
      int result =
          (int)
              call.invokeExact(
                  state,
                  arena.allocateFrom(place.toString()),
                  arena.allocateFrom(name),
                  bytes,
                  (long) value.length,
                  0);
      return result == 0 ? 0 : (int) ERRNO.get(state, 0L);
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns when all that was written to the file system of this folder is on its medium.
   *
   * @throws IOException where it is not
   */
  static void sync(Path folder) throws IOException {
    MethodHandle open = OPEN;
    MethodHandle sync = SYNC;
    MethodHandle close = CLOSE;
    if (open == null || sync == null || close == null) {
      throw new IOException("this system has no syncfs");
    }
    int result;
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) open.invokeExact(arena.allocateFrom(folder.toString()), 0, 0);
      if (file < 0) {
        throw new IOException(folder + " cannot be opened to force it to the medium");
      }
      result = (int) sync.invokeExact(file);
      int _ = (int) close.invokeExact(file);
    } catch (Error | RuntimeException | IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (result != 0) {
      throw new IOException("what was copied could not be forced to the medium of " + folder);
    }
  }

  static String text(int error) {
    return switch (error) {
      case 1, 13 -> "not permitted";
      case 28, 122 -> "no space";
      case NOT_SUPPORTED -> "not supported there";
      default -> "error " + error;
    };
  }
}
