package io.sendense.repository.remote;

import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoredObject;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Times a copy from one appliance to another on this machine: two processes, random packs of 16 MiB
 * in page cache, every object proved by the far end's checksum. Prints a line per run. Not part of
 * the tests; {@code -Dbench.folder} and {@code -Dbench.mebibytes} choose where and how much.
 */
class RemoteCopyBench {
  private static final int PACK_BYTES = 16 << 20;
  private static final int ROUNDS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  @Test
  void copies() throws Exception {
    Path folder =
        Files.createTempDirectory(
            Files.createDirectories(Path.of(System.getProperty("bench.folder", "target"))), "copy");
    int packs = Integer.getInteger("bench.mebibytes", 2048) / (PACK_BYTES >> 20);
    try (ObjectStore source = LocalObjectStore.create(folder.resolve("source"))) {
      SplittableRandom random = new SplittableRandom(1);
      byte[] pack = new byte[PACK_BYTES];
      for (int i = 0; i < packs; i++) {
        random.nextBytes(pack);
        source.put(new ObjectName("packs/" + String.format(Locale.ROOT, "%08x", i)), pack);
      }
    }
    // Made here, so that both processes find them.
    Site.PKI.server(Site.NAMES);
    Site.PKI.client("site-b");
    for (String tls : System.getProperty("bench.tls", "native,jdk").split(",")) {
      for (int threads : new int[] {2, 4}) {
        for (int round = 0; round < ROUNDS; round++) {
          run(folder, tls, threads);
        }
      }
    }
    Folders.delete(folder);
  }

  private static void run(Path folder, String tls, int threads) {
    Path target = folder.resolve("target");
    try (ChildProcess server = java("Server", target, tls)) {
      server.awaitOutput("port \\d+", LIMIT);
      String port = server.stdout().replaceAll("(?s).*port (\\d+).*", "$1");
      try (ChildProcess client =
          java("Client", folder.resolve("source"), tls, port, String.valueOf(threads))) {
        if (client.awaitExit(LIMIT) != 0) {
          throw new AssertionError(client.stderr());
        }
        System.out.println(
            String.format(
                Locale.ROOT,
                "%s, %d threads: %s, CPU of the server %.1f s",
                tls,
                threads,
                client.stdout().strip(),
                cpuSeconds(server.pid())));
      }
    }
    Folders.delete(target);
  }

  private static double cpuSeconds(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(cpu -> cpu.toNanos() / 1e9)
        .orElse(0.0);
  }

  private static ChildProcess java(String main, Object... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dbench.pki=" + Site.folderOfCertificates(),
                "-cp",
                System.getProperty("java.class.path"),
                RemoteCopyBench.class.getName() + "$" + main));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return ChildProcess.start(command);
  }

  /** The receiving appliance. */
  static final class Server {
    private Server() {}

    public static void main(String[] arguments) throws InterruptedException {
      ObjectStore store = LocalObjectStore.create(Path.of(arguments[0]));
      try (RepositoryServer server =
          RepositoryServer.start(
              RepositoryServerOptions.at(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
              Site.PKI.server(Site.NAMES),
              List.of(Site.grant("site-b", store, Rights.parse("read,add"))),
              arguments[1].equals("native"))) {
        System.out.println("port " + server.address().getPort());
        new CountDownLatch(1).await();
      }
    }
  }

  /** The sending appliance. */
  static final class Client {
    private Client() {}

    public static void main(String[] arguments)
        throws IOException, InterruptedException, ExecutionException, NoSuchAlgorithmException {
      Map<ObjectName, byte[]> sums = new HashMap<>();
      ObjectStore source = LocalObjectStore.open(Path.of(arguments[0]));
      List<StoredObject> all = source.list("packs");
      for (StoredObject object : all) {
        // A sender knows these from its index; hashing them is not part of a copy.
        sums.put(
            object.name(),
            MessageDigest.getInstance("SHA-256").digest(source.get(object.name(), PACK_BYTES)));
      }
      int threads = Integer.parseInt(arguments[3]);
      RemoteStoreOptions options = Site.options(Integer.parseInt(arguments[2]));
      double cpuBefore = cpuSeconds(ProcessHandle.current().pid());
      long begin = System.nanoTime();
      try (RemoteObjectStore far =
              RemoteObjectStore.open(
                  options, Site.PKI.client("site-b"), arguments[1].equals("native"));
          ExecutorService workers = Executors.newFixedThreadPool(threads)) {
        List<Future<?>> copies = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
          int first = thread;
          copies.add(
              workers.submit(
                  () -> {
                    byte[] pack = new byte[PACK_BYTES];
                    for (int i = first; i < all.size(); i += threads) {
                      ObjectName name = all.get(i).name();
                      int length = (int) all.get(i).lengthBytes();
                      source.read(name, 0, pack, 0, length);
                      far.put(name, pack, 0, length);
                      if (!Arrays.equals(sums.get(name), far.backendChecksum(name).orElseThrow())) {
                        throw new IllegalStateException("the far end keeps something else");
                      }
                    }
                  }));
        }
        for (Future<?> copy : copies) {
          copy.get();
        }
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      double cpu = cpuSeconds(ProcessHandle.current().pid()) - cpuBefore;
      double bytes = all.stream().mapToLong(StoredObject::lengthBytes).sum();
      System.out.println(
          String.format(
              Locale.ROOT,
              "%.2f GB/s, %.1f s for %.2f GB, CPU of the client %.1f s",
              bytes / seconds / 1e9,
              seconds,
              bytes / 1e9,
              cpu));
    }
  }
}
