package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One connection to a libvirt daemon. Its calls block in C, so they run one after another on a
 * thread of their own and each is waited for no longer than its deadline; after one that was late
 * the connection is of no more use, and the thread is left to end when libvirt lets it.
 */
final class Libvirt implements AutoCloseable {
  private static final int KEEPALIVE_SECONDS = 5;
  private static final int KEEPALIVE_MISSES = 5;

  private final LibvirtUri uri;
  private final Duration deadline;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("libvirt-call").factory());
  private MemorySegment connection = MemorySegment.NULL;
  private volatile boolean late;

  private Libvirt(LibvirtUri uri, Duration deadline) {
    this.uri = uri;
    this.deadline = deadline;
  }

  /**
   * @param deadline for opening and for every call that names none of its own
   * @throws SendenseException SOURCE_UNREADABLE, UNAUTHENTICATED, FORBIDDEN, MISSING_TOOL,
   *     DEADLINE_EXCEEDED
   */
  static Libvirt open(LibvirtUri uri, Duration deadline) {
    Libvirt opened = new Libvirt(uri, deadline);
    try {
      opened.connection = opened.call("connecting", lib -> connect(lib, uri));
      return opened;
    } catch (SendenseException e) {
      opened.thread.shutdown();
      throw e.getCause() instanceof LibvirtError ? ConnectFailure.of(uri, e) : e;
    }
  }

  private static MemorySegment connect(Library library, LibvirtUri uri) throws LibvirtError {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment made = library.callPointer("virConnectOpen", arena.allocateFrom(uri.text()));
      if (made.equals(MemorySegment.NULL)) {
        throw library.lastError();
      }
      library.callInt("virConnectSetKeepAlive", made, KEEPALIVE_SECONDS, KEEPALIVE_MISSES);
      return made;
    }
  }

  LibvirtUri uri() {
    return uri;
  }

  Duration deadline() {
    return deadline;
  }

  /** What the host can, as XML. */
  String capabilities() {
    return call(
        "asking for capabilities",
        lib -> lib.take(pointer(lib, "virConnectGetCapabilities", connection)));
  }

  /** All machines, running or not. */
  List<Domain> domains() {
    return call(
        "listing machines",
        lib -> {
          List<Domain> found = new ArrayList<>();
          for (MemorySegment one : list(lib, "virConnectListAllDomains", connection, 0)) {
            found.add(new Domain(this, one));
          }
          return found;
        });
  }

  /** Names of the virtual networks. */
  List<String> networks() {
    return call(
        "listing networks",
        lib -> {
          List<String> names = new ArrayList<>();
          for (MemorySegment one : list(lib, "virConnectListAllNetworks", connection, 0)) {
            names.add(Library.text(lib.callPointer("virNetworkGetName", one)));
            lib.callInt("virNetworkFree", one);
          }
          return names;
        });
  }

  /** Bytes free in the storage pool with this target folder. */
  long freeOfPool(String target) {
    return call(
        "looking at the space of " + target, lib -> ScratchSpace.ofPool(lib, connection, target));
  }

  /** The machine with this UUID; empty where there is none. */
  Optional<Domain> domain(String uuid) {
    return find("virDomainLookupByUUIDString", uuid);
  }

  Optional<Domain> domainNamed(String name) {
    return find("virDomainLookupByName", name);
  }

  private Optional<Domain> find(String function, String text) {
    return ifThere(
        () ->
            call(
                "looking for machine " + text,
                lib -> {
                  try (Arena arena = Arena.ofConfined()) {
                    return new Domain(
                        this, pointer(lib, function, connection, arena.allocateFrom(text)));
                  }
                }));
  }

  /** Makes a machine known, which is not yet to start it. */
  Domain define(String xml) {
    return call(
        "defining a machine",
        lib -> {
          try (Arena arena = Arena.ofConfined()) {
            return new Domain(
                this,
                pointer(lib, "virDomainDefineXMLFlags", connection, arena.allocateFrom(xml), 0));
          }
        });
  }

  static <T> Optional<T> ifThere(java.util.function.Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (SendenseException e) {
      if (LibvirtError.of(e).filter(LibvirtError::isNotThere).isPresent()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The pointers of a list function, whose array is freed here. */
  static List<MemorySegment> list(Library lib, String function, MemorySegment of, int flags)
      throws LibvirtError {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment array = arena.allocate(ValueLayout.ADDRESS);
      int count = lib.callInt(function, of, array, flags);
      if (count < 0) {
        throw lib.lastError();
      }
      MemorySegment first = array.get(ValueLayout.ADDRESS, 0);
      MemorySegment all = first.reinterpret(ValueLayout.ADDRESS.byteSize() * count);
      List<MemorySegment> found = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        found.add(all.getAtIndex(ValueLayout.ADDRESS, i));
      }
      lib.callVoid("free", first);
      return found;
    }
  }

  static MemorySegment pointer(Library lib, String function, Object... arguments)
      throws LibvirtError {
    MemorySegment made = lib.callPointer(function, arguments);
    if (made.equals(MemorySegment.NULL)) {
      throw lib.lastError();
    }
    return made;
  }

  static int number(Library lib, String function, Object... arguments) throws LibvirtError {
    int result = lib.callInt(function, arguments);
    if (result < 0) {
      throw lib.lastError();
    }
    return result;
  }

  /** What runs on the connection's thread. */
  interface Call<T> {
    T run(Library library) throws LibvirtError;
  }

  <T> T call(String what, Call<T> call) {
    return call(what, deadline, call);
  }

  /**
   * @param what for the error text, as in "starting machine x"
   * @throws SendenseException with a {@link LibvirtError} as its cause where libvirt answered one;
   *     DEADLINE_EXCEEDED, CANCELLED
   */
  <T> T call(String what, Duration limit, Call<T> call) {
    if (late) {
      throw unusable(what);
    }
    Future<T> result = thread.submit(() -> call.run(Library.get()));
    try {
      return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      late = true;
      throw new SendenseException(
          ErrorCode.DEADLINE_EXCEEDED,
          "libvirt at "
              + uri.text()
              + ": "
              + what
              + " took longer than "
              + limit.toMillis()
              + " ms",
          "Look at the load and the log of that host, and try again.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SendenseException(
          ErrorCode.CANCELLED, what + " was interrupted", "Start it again when it suits.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LibvirtError error) {
        throw failure(what, error);
      }
      if (e.getCause() instanceof SendenseException error) {
        throw error;
      }
      throw new IllegalStateException(what, e.getCause());
    }
  }

  private SendenseException failure(String what, LibvirtError error) {
    ErrorCode code =
        switch (error.code()) {
          case LibvirtError.NO_DOMAIN -> ErrorCode.NOT_FOUND;
          case LibvirtError.AUTH_FAILED -> ErrorCode.UNAUTHENTICATED;
          case LibvirtError.OPERATION_DENIED -> ErrorCode.FORBIDDEN;
          default -> ErrorCode.SOURCE_PROTOCOL;
        };
    return new SendenseException(
        code,
        "libvirt at "
            + uri.text()
            + ": "
            + what
            + ": "
            + error.getMessage()
            + " (libvirt error "
            + error.code()
            + ")",
        "The log of libvirt on that host may say more.",
        error);
  }

  private SendenseException unusable(String what) {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "libvirt at " + uri.text() + ": " + what + " was not tried, an earlier call never returned",
        "Look at the load and the log of that host, and try again.");
  }

  @Override
  public void close() {
    if (!late && !thread.isShutdown() && !connection.equals(MemorySegment.NULL)) {
      try {
        call("closing", lib -> lib.callInt("virConnectClose", connection));
      } catch (SendenseException e) {
        late = true;
      }
    }
    thread.shutdown();
  }
}
