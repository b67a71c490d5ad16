package io.sendense.repository.format;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.Function;

/** How calls of libcrypto are found and what they answer. */
final class LibCryptoLink {
  private LibCryptoLink() {}

  /** Some of its calls; empty where the JDK has to do instead. */
  static <T> Optional<T> of(Function<SymbolLookup, T> bind) {
    if (Boolean.getBoolean("sendense.crypto.jdk")) {
      return Optional.empty();
    }
    try {
      SymbolLookup library = SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global());
      return Optional.of(bind.apply(library));
    } catch (RuntimeException e) {
      // No such library here, one without these calls, or no leave to call it: the JDK does it.
      return Optional.empty();
    }
  }

  static MemorySegment heap(byte[] array) {
    return MemorySegment.ofArray(array);
  }

  static MemorySegment type(SymbolLookup library, String name) {
    return made(handle(library, name, FunctionDescriptor.of(ADDRESS)));
  }

  static MemorySegment made(MethodHandle maker) {
    try {
      MemorySegment made = (MemorySegment) maker.invokeExact();
      if (made.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("libcrypto could not make a context");
      }
      return made;
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  static FunctionDescriptor status(MemoryLayout... arguments) {
    return FunctionDescriptor.of(JAVA_INT, arguments);
  }

  static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), descriptor, Linker.Option.critical(true));
  }

  static void check(int status) {
    if (status != 1) {
      throw new IllegalStateException("libcrypto refused a call");
    }
  }

  static RuntimeException failed(Throwable e) {
    if (e instanceof RuntimeException r) {
      return r;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("libcrypto could not be called", e);
  }
}
