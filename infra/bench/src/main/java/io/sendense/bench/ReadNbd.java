package io.sendense.bench;

import io.sendense.nbd.NbdClient;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdExport;
import io.sendense.nbd.NbdUri;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Reads a whole NBD export into buffers that are thrown away: URI, connections, threads. */
final class ReadNbd {
  private static final int READ_BYTES = 1 << 20;

  private ReadNbd() {}

  public static void main(String[] arguments) throws Exception {
    NbdClientOptions options =
        NbdClientOptions.defaults()
            .withConnections(Integer.parseInt(arguments[1]))
            .withRequestBytes(READ_BYTES);
    int threads = Integer.parseInt(arguments[2]);
    try (NbdExport export = NbdClient.open(NbdUri.parse(arguments[0]), options);
        ExecutorService readers = Executors.newFixedThreadPool(threads)) {
      long begin = System.nanoTime();
      AtomicLong next = new AtomicLong();
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(readers.submit(reader(export, next)));
      }
      for (Future<Integer> one : running) {
        one.get();
      }
      System.out.println(
          String.format(Locale.ROOT, "seconds %.3f", (System.nanoTime() - begin) / 1e9));
    }
  }

  private static Callable<Integer> reader(NbdExport export, AtomicLong next) {
    return () -> {
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      int reads = 0;
      for (long at = next.getAndAdd(READ_BYTES);
          at < export.sizeBytes();
          at = next.getAndAdd(READ_BYTES)) {
        export.read(at, buffer.clear().limit((int) Math.min(READ_BYTES, export.sizeBytes() - at)));
        reads++;
      }
      return reads;
    };
  }
}
