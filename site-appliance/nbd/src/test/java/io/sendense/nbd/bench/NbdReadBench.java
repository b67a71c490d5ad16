package io.sendense.nbd.bench;

import io.netty.util.ResourceLeakDetector;
import io.sendense.domain.BlockRange;
import io.sendense.nbd.ExportSource;
import io.sendense.nbd.NbdClient;
import io.sendense.nbd.NbdClientOptions;
import io.sendense.nbd.NbdExport;
import io.sendense.nbd.NbdServer;
import io.sendense.nbd.NbdServerOptions;
import io.sendense.nbd.NbdUri;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.ShortTempDir;
import io.sendense.testkit.TlsFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads a file of random bytes in page cache from nbdkit, with our client, with Netty and with
 * nbdcopy, in turns. Not part of any test run: its name is not a test's.
 */
class NbdReadBench {
  private static final long SIZE = Long.getLong("bench.bytes", 2L << 30);
  private static final int ROUNDS = 5;
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir(factory = ShortTempDir.class)
  Path folder;

  private interface Run {
    void run() throws Exception;
  }

  @BeforeEach
  void measureWithoutFollowingBuffers() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
  }

  @Test
  void plainReads() throws Exception {
    Path socket = serve(SIZE);
    NbdUri uri = NbdUri.unix(socket, "");
    for (int round = 0; round < ROUNDS; round++) {
      report("nbdcopy to null:", SIZE, () -> nbdcopy("nbd+unix:///?socket=" + socket));
      for (int connections : List.of(1, 2, 4)) {
        for (int request : List.of(256 << 10, 512 << 10, 1 << 20)) {
          for (int threads : List.of(2, 8)) {
            report(
                "ours, %d connections, %d threads, reads of %d KiB"
                    .formatted(connections, threads, request >> 10),
                SIZE,
                () -> ours(uri, SIZE, connections, threads, request, request));
          }
        }
        report(
            "ours, %d connections, 2 threads, reads of 4 MiB".formatted(connections),
            SIZE,
            () -> ours(uri, SIZE, connections, 2, 512 << 10, 4 << 20));
        report(
            "Netty epoll, %d connections x 4 requests of 512 KiB".formatted(connections),
            SIZE,
            () -> NettyReader.readAll(socket, SIZE, connections, 4, 512 << 10));
      }
    }
  }

  @Test
  void tlsReads() throws Exception {
    long size = SIZE / 4;
    Path certificates = TlsFolder.make(folder.resolve("tls"));
    Path socket =
        serve(size, "--tls=require", "--tls-certificates=" + certificates, "--tls-verify-peer");
    String uri = "nbds+unix://localhost/?socket=" + socket + "&tls-certificates=" + certificates;
    for (int round = 0; round < ROUNDS; round++) {
      report("nbdcopy to null: over TLS", size, () -> nbdcopy(uri));
      for (int connections : List.of(1, 2, 4)) {
        report(
            "ours over TLS, %d connections, 4 threads, reads of 512 KiB".formatted(connections),
            size,
            () -> ours(NbdUri.parse(uri), size, connections, 4, 512 << 10, 512 << 10));
      }
    }
  }

  @Test
  void serverReads() throws Exception {
    Path socket = serve(SIZE);
    Path own = folder.resolve("own.sock");
    try (FileChannel file = FileChannel.open(folder.resolve("random.raw"));
        NbdServer server =
            NbdServer.start(NbdServerOptions.unix(own), Map.of("", new FileExport(file)))) {
      for (int round = 0; round < ROUNDS; round++) {
        report("nbdcopy from nbdkit", SIZE, () -> nbdcopy("nbd+unix:///?socket=" + socket));
        report("nbdcopy from our server", SIZE, () -> nbdcopy(server.uri("").toString()));
      }
    }
  }

  private record FileExport(FileChannel file) implements ExportSource {
    @Override
    public long sizeBytes() {
      return SIZE;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      try {
        long at = offset;
        while (target.hasRemaining()) {
          at += file.read(target, at);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<BlockRange> allocated(BlockRange within) {
      return List.of(within);
    }
  }

  private static void ours(
      NbdUri uri, long size, int connections, int threads, int request, int block)
      throws Exception {
    NbdClientOptions options =
        NbdClientOptions.defaults().withConnections(connections).withRequestBytes(request);
    AtomicLong next = new AtomicLong();
    try (NbdExport export = NbdClient.open(uri, options);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            pool.submit(
                () -> {
                  ByteBuffer buffer = ByteBuffer.allocateDirect(block);
                  for (long at = next.getAndAdd(block); at < size; at = next.getAndAdd(block)) {
                    export.read(at, buffer.clear().limit((int) Math.min(block, size - at)));
                  }
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static void nbdcopy(String uri) {
    ChildProcess.run(LONG, Peers.require("nbdcopy").toString(), uri, "null:").orFail();
  }

  private static void report(String what, long size, Run run) throws Exception {
    long start = System.nanoTime();
    run.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(Locale.ROOT, "BENCH %5.2f GB/s  %s%n", size / seconds / 1e9, what);
  }

  private Path serve(long size, String... arguments) throws IOException {
    Path file = folder.resolve("random.raw");
    SplittableRandom random = new SplittableRandom(7);
    byte[] block = new byte[1 << 20];
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < size; at += block.length) {
        random.nextBytes(block);
        ByteBuffer source = ByteBuffer.wrap(block);
        while (source.hasRemaining()) {
          out.write(source);
        }
      }
    }
    Path socket = folder.resolve("n.sock");
    List<String> command =
        new ArrayList<>(
            List.of(Peers.require("nbdkit").toString(), "-f", "-r", "-U", socket.toString()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("file", file.toString()));
    ChildProcess server = ChildProcess.start(command);
    server.awaitFile(socket, Duration.ofSeconds(20));
    return socket;
  }
}
