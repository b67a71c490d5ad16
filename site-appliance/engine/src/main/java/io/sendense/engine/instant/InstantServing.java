package io.sendense.engine.instant;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.nbd.ExportSource;
import io.sendense.nbd.NbdServer;
import io.sendense.nbd.NbdServerOptions;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.StoredDisk;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Serves the disks of instant recoveries of one repository, read-only, each recovery on a socket of
 * its own. Thread-safe.
 *
 * <p>Its memory is bounded by {@link #MAX} times what one server may hold: machines boot with small
 * reads, so each gets two threads and {@value #IN_FLIGHT_BYTES} bytes of replies per connection.
 */
public final class InstantServing implements AutoCloseable {
  /** Recoveries at once in one process. */
  public static final int MAX = 64;

  private static final int IN_FLIGHT = 16;
  private static final long IN_FLIGHT_BYTES = 4L << 20;
  private static final int READ_THREADS = 2;

  /** QEMU opens one connection per disk, and another while it looks at an image. */
  private static final int CONNECTIONS_PER_DISK = 3;

  private static final Duration HANDSHAKE = Duration.ofSeconds(10);

  private final PointStore points;
  private final Function<StoredDisk, ExportSource> exporting;
  private final Map<String, One> serving = new HashMap<>();

  private record One(PointReader reader, NbdServer server) {
    void close() {
      server.close();
      reader.close();
    }
  }

  public InstantServing(PointStore points, Function<StoredDisk, ExportSource> exporting) {
    this.points = points;
    this.exporting = exporting;
  }

  /**
   * Serves a recovery's disks; returns when clients can connect. One that is served is left so.
   *
   * @throws SendenseException as {@link PointStore#read} and {@link NbdServer#start}; LIMIT_REACHED
   */
  public synchronized void serve(InstantRecord record) {
    if (serving.containsKey(record.id())) {
      return;
    }
    if (serving.size() >= MAX) {
      throw new SendenseException(
          ErrorCode.LIMIT_REACHED,
          MAX + " instant recoveries of this repository are served already",
          "Finish or discard one of them first.");
    }
    PointReader reader = points.read(PointId.parse(record.point()));
    try {
      Map<String, ExportSource> exports = new LinkedHashMap<>();
      for (int i = 0; i < reader.point().disks().size(); i++) {
        exports.put(export(i), exporting.apply(reader.disk(i)));
      }
      NbdServerOptions options =
          new NbdServerOptions(
              UnixDomainSocketAddress.of(record.socket()),
              Optional.empty(),
              CONNECTIONS_PER_DISK * exports.size(),
              IN_FLIGHT,
              IN_FLIGHT_BYTES,
              READ_THREADS,
              HANDSHAKE);
      serving.put(record.id(), new One(reader, NbdServer.start(options, exports)));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** Name of the export of the point's disk at a position: names of disks are not made for URIs. */
  public static String export(int disk) {
    return "disk" + disk;
  }

  /** Serves it no longer; its clients lose their connection. */
  public synchronized void release(String id) {
    One one = serving.remove(id);
    if (one != null) {
      one.close();
    }
  }

  /**
   * Removes the socket of a recovery whose serving process did not live to do it.
   *
   * @throws SendenseException FORBIDDEN
   */
  public static void removeSocket(InstantRecord record) {
    try {
      Files.deleteIfExists(record.socket());
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.FORBIDDEN,
          "the socket " + record.socket() + " cannot be removed: " + e.getMessage(),
          "Remove it by hand.",
          e);
    }
  }

  public synchronized int count() {
    return serving.size();
  }

  @Override
  public synchronized void close() {
    serving.values().forEach(One::close);
    serving.clear();
  }
}
