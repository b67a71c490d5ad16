package io.sendense.connectors.libvirt;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Libvirt's C library, loaded once. A call takes its C signature from its arguments: an {@code
 * Integer} is an int or unsigned int, a {@code Long} an unsigned long, a segment a pointer, so what
 * is passed must be what libvirt/*.h declares.
 *
 * <p>Libvirt keeps the last error per thread: it is asked for on the thread that made the call.
 */
final class Library {
  private static final Object LOADING = new Object();
  private static @Nullable Library loaded;

  private final SymbolLookup symbols;
  private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();

  private Library(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /**
   * @throws SendenseException MISSING_TOOL
   */
  static Library get() {
    synchronized (LOADING) {
      Library library = loaded;
      if (library == null) {
        library = load();
        loaded = library;
      }
      return library;
    }
  }

  private static Library load() {
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup("libvirt.so.0", Arena.global());
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.MISSING_TOOL,
          "libvirt's client library libvirt.so.0 is not installed here",
          "Install it (Debian: apt install libvirt0).",
          e);
    }
    SymbolLookup qemu = qemu();
    SymbolLookup all =
        name ->
            symbols
                .find(name)
                .or(() -> qemu.find(name))
                .or(() -> Linker.nativeLinker().defaultLookup().find(name));
    Library library = new Library(all);
    library.callInt("virInitialize");
    library.silence();
    // Keepalive needs somebody to turn the event loop; without it a dead peer is never noticed.
    library.callInt("virEventRegisterDefaultImpl");
    Thread.ofPlatform().daemon().name("libvirt-events").start(library::turnEvents);
    return library;
  }

  /** What is QEMU's own, such as requests to the guest's agent; Debian has both in one package. */
  private static SymbolLookup qemu() {
    try {
      return SymbolLookup.libraryLookup("libvirt-qemu.so.0", Arena.global());
    } catch (IllegalArgumentException e) {
      return _ -> Optional.empty();
    }
  }

  private void turnEvents() {
    int result;
    do {
      result = callInt("virEventRunDefaultImpl");
    } while (result == 0);
  }

  /** By default libvirt prints every error on standard error. */
  private void silence() {
    try {
      MethodHandle nothing =
          MethodHandles.lookup()
              .findStatic(
                  Library.class,
                  "ignore",
                  MethodType.methodType(void.class, MemorySegment.class, MemorySegment.class));
      MemorySegment stub =
          Linker.nativeLinker()
              .upcallStub(nothing, FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), Arena.global());
      call(
          FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), "virSetErrorFunc", MemorySegment.NULL, stub);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings({"unused", "UnusedMethod", "UnusedVariable"})
  private static void ignore(MemorySegment userData, MemorySegment error) {
    // The error is fetched by the caller of the failed function.
  }

  /**
   * A function that returns an int, negative on failure unless its documentation says otherwise.
   */
  int callInt(String function, Object... arguments) {
    return (int) call(descriptor(JAVA_INT, arguments), function, arguments);
  }

  /** A function that returns a pointer, null on failure. */
  MemorySegment callPointer(String function, Object... arguments) {
    return (MemorySegment) call(descriptor(ADDRESS, arguments), function, arguments);
  }

  void callVoid(String function, Object... arguments) {
    call(descriptor(null, arguments), function, arguments);
  }

  /** The last error of this thread. */
  LibvirtError lastError() {
    int code = callInt("virGetLastErrorCode");
    MemorySegment message = callPointer("virGetLastErrorMessage");
    return new LibvirtError(code, text(message));
  }

  /** The text behind a pointer that stays libvirt's. */
  static String text(MemorySegment pointer) {
    return pointer.equals(MemorySegment.NULL)
        ? ""
        : pointer.reinterpret(Long.MAX_VALUE).getString(0);
  }

  /** The text behind a pointer that is ours to free. */
  String take(MemorySegment pointer) {
    try {
      return text(pointer);
    } finally {
      callVoid("free", pointer);
    }
  }

  private Object call(FunctionDescriptor descriptor, String function, Object... arguments) {
    MethodHandle handle =
        handles.computeIfAbsent(function + descriptor, _ -> bind(function, descriptor));
    try {
      Object result = handle.invokeWithArguments(arguments);
      return result == null ? MemorySegment.NULL : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("calling " + function, e);
    }
  }

  private MethodHandle bind(String function, FunctionDescriptor descriptor) {
    MemorySegment address =
        symbols
            .find(function)
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.MISSING_TOOL,
                        "this libvirt client library is too old: it has no " + function,
                        "Install libvirt 7.6 or newer."));
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  private static FunctionDescriptor descriptor(@Nullable MemoryLayout result, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer _ -> JAVA_INT;
            case Long _ -> JAVA_LONG;
            case MemorySegment _ -> ADDRESS;
            default -> throw new IllegalArgumentException("no C type for " + arguments[i]);
          };
    }
    return result == null
        ? FunctionDescriptor.ofVoid(layouts)
        : FunctionDescriptor.of(result, layouts);
  }
}
