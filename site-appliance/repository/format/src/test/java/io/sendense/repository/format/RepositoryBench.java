package io.sendense.repository.format;

import io.sendense.repository.local.LocalObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a full backup, that of a second image (the first one's name and a 2, if it is there), an
 * incremental after scattered writes, a restore and a verification of an image, for each chunk size
 * given. Not a test: arguments are the image, an empty folder, and chunk sizes in KiB. One process
 * per line of the table, so that nothing is warm but the page cache.
 */
final class RepositoryBench {
  private static final int WRITE_BYTES = 4096;

  private final Path image;
  private final Path folder;
  private final Optional<Path> second;
  private final int chunkBytes;
  private final Environment environment =
      Environment.of(InstantSource.system(), new SecureRandom());

  private RepositoryBench(Path image, Optional<Path> second, Path folder, int chunkBytes) {
    this.image = image;
    this.second = second;
    this.folder = folder;
    this.chunkBytes = chunkBytes;
  }

  public static void main(String[] args) throws Exception {
    Path image = Path.of(args[0]);
    Path other = Path.of(args[0] + "2");
    Optional<Path> second = Files.exists(other) ? Optional.of(other) : Optional.empty();
    for (int i = 2; i < args.length; i++) {
      int kib = Integer.parseInt(args[i]);
      new RepositoryBench(image, second, Path.of(args[1], "store-" + kib), kib << 10).run();
    }
  }

  private void run() throws Exception {
    RepositorySecret secret = RepositorySecret.key(Fixture.filled(32, 1));
    try (LocalObjectStore store = LocalObjectStore.create(folder)) {
      Repository repository =
          Repository.init(
              store, secret, RepositorySettings.defaults().withChunkBytes(chunkBytes), environment);
      double processorBefore = processor();
      long began = System.nanoTime();
      RestorePoint full = backUp(repository, image, Optional.empty());
      double fullSeconds = seconds(began);
      PointStatistics s = full.statistics();
      System.out.printf(
          "chunk %d KiB: full %.2f s, %.2f s of processor, stored %d MB in %d objects; chunks %d"
              + " stored, %d deduplicated, %d zero%n",
          chunkBytes >> 10,
          fullSeconds,
          processor() - processorBefore,
          s.bytesStored() / 1_000_000,
          s.objectsWritten(),
          s.chunksStored(),
          s.chunksDeduplicated(),
          s.chunksZero());
      System.out.printf(
          "  indexes %d KB for %d blobs%n",
          Findings.bytes(store.list(IndexObject.FOLDER)) / 1000, blobs(store, repository));
      scattered(repository, full);
      if (second.isPresent()) {
        PointStatistics again = backUp(repository, second.get(), Optional.empty()).statistics();
        System.out.printf(
            "  second machine: %d chunks deduplicated, %d stored, %d MB%n",
            again.chunksDeduplicated(), again.chunksStored(), again.bytesStored() / 1_000_000);
      }
      restore(repository, full);
      began = System.nanoTime();
      processorBefore = processor();
      VerifyReport report =
          repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
      System.out.printf(
          "  verify %.2f s, %.2f s of processor, whole %b%n",
          seconds(began), processor() - processorBefore, report.whole());
    }
  }

  /**
   * One write of 4 KiB in each of 1,000 random places that hold data: what an incremental costs.
   */
  private void scattered(Repository repository, RestorePoint full) throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    Map<Long, byte[]> changed = new java.util.TreeMap<>();
    try (PointReader reader = repository.read(full.id())) {
      var ranges =
          reader.disk(0).allocated(new io.sendense.domain.BlockRange(0, Files.size(image)));
      for (int i = 0; i < 1000; i++) {
        var range = ranges.get(random.nextInt(ranges.size()));
        long at = range.offset() + random.nextLong(range.length()) / WRITE_BYTES * WRITE_BYTES;
        long chunk = at / chunkBytes;
        byte[] content = changed.get(chunk);
        if (content == null) {
          content = new byte[chunkBytes];
          reader.disk(0).read(chunk * chunkBytes, ByteBuffer.wrap(content));
          changed.put(chunk, content);
        }
        byte[] write = Fixture.random(random, WRITE_BYTES);
        System.arraycopy(write, 0, content, (int) (at % chunkBytes), WRITE_BYTES);
      }
    }
    long began = System.nanoTime();
    try (PointWriter writer =
        repository.beginPoint(
            new PointDraft(
                "vm",
                InstantSource.system().instant(),
                Consistency.CRASH,
                Optional.of(full.id()),
                List.of(new PointDraft.Disk("vda", Files.size(image)))))) {
      changed.forEach((chunk, content) -> writer.write(0, chunk, content, chunkBytes));
      PointStatistics s = writer.seal(Map.of()).statistics();
      System.out.printf(
          "  incremental of 1000 x 4 KiB: %.2f s, %d chunks, read %.1f MB, stored %.1f MB%n",
          seconds(began), changed.size(), s.bytesGiven() / 1e6, s.bytesStored() / 1e6);
    }
  }

  private RestorePoint backUp(Repository repository, Path image, Optional<PointId> parent)
      throws Exception {
    AtomicLong next = new AtomicLong();
    int threads = Runtime.getRuntime().availableProcessors();
    long chunks = Math.ceilDiv(Files.size(image), chunkBytes);
    PointDraft draft =
        new PointDraft(
            "vm",
            InstantSource.system().instant(),
            Consistency.CRASH,
            parent,
            List.of(new PointDraft.Disk("vda", Files.size(image))));
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ);
        PointWriter writer = repository.beginPoint(draft);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(pool.submit(() -> copyIn(file, writer, next, chunks)));
      }
      for (Future<?> one : running) {
        one.get();
      }
      return writer.seal(Map.of());
    }
  }

  private @org.jspecify.annotations.Nullable Void copyIn(
      FileChannel file, PointWriter writer, AtomicLong next, long chunks) throws IOException {
    ByteBuffer direct = ByteBuffer.allocateDirect(chunkBytes);
    byte[] data = new byte[chunkBytes];
    for (long chunk = next.getAndIncrement(); chunk < chunks; chunk = next.getAndIncrement()) {
      direct.clear();
      int got = 0;
      while (got >= 0 && direct.hasRemaining()) {
        got = file.read(direct, chunk * chunkBytes + direct.position());
      }
      int length = direct.position();
      direct.get(0, data, 0, length);
      writer.write(0, chunk, data, length);
    }
    return null;
  }

  private void restore(Repository repository, RestorePoint point) throws Exception {
    Path target = folder.resolveSibling("restored-" + (chunkBytes >> 10));
    long began = System.nanoTime();
    AtomicLong next = new AtomicLong();
    int threads = Runtime.getRuntime().availableProcessors();
    try (PointReader reader = repository.read(point.id());
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      StoredDisk disk = reader.disk(0);
      List<Future<?>> running = new ArrayList<>();
      List<Long> wanted = new ArrayList<>();
      disk.allocated(new io.sendense.domain.BlockRange(0, disk.sizeBytes()))
          .forEach(
              range -> {
                for (long at = range.offset(); at < range.end(); at += chunkBytes) {
                  wanted.add(at);
                }
              });
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  byte[] chunk = new byte[chunkBytes];
                  for (int k = (int) next.getAndIncrement();
                      k < wanted.size();
                      k = (int) next.getAndIncrement()) {
                    long at = wanted.get(k);
                    int length = (int) Math.min(chunkBytes, disk.sizeBytes() - at);
                    disk.read(at, ByteBuffer.wrap(chunk, 0, length));
                    out.write(ByteBuffer.wrap(chunk, 0, length), at);
                  }
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      out.force(true);
    }
    System.out.printf("  restore to a file, with fsync: %.2f s%n", seconds(began));
    Files.delete(target);
  }

  private static long blobs(LocalObjectStore store, Repository repository) {
    return store.list(PackId.FOLDER).isEmpty()
        ? 0
        : repository.points().getFirst().statistics().chunksStored();
  }

  /** Processor seconds of this process, all threads. */
  private static double processor() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
