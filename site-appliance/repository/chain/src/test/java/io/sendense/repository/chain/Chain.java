package io.sendense.repository.chain;

import io.sendense.repository.format.Consistency;
import io.sendense.repository.format.PointDraft;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.PointWriter;
import io.sendense.repository.format.RestorePoint;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A chain repository, machines whose disks are arrays, and what each point has to hold. */
final class Chain {
  static final int CHUNK = ChainRepository.CHUNK_BYTES;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  final Path root;
  final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
  final Map<RestorePoint, Map<String, byte[]>> model = new LinkedHashMap<>();
  ChainRepository repository;

  Chain(Path root) {
    this.root = root;
    repository = ChainRepository.init(root, clock, new SecureRandom());
  }

  /** The same directory, told of each step. */
  ChainRepository watched(Steps steps) {
    return new ChainRepository(root, clock, new SecureRandom(), steps);
  }

  /** A backup that hands every chunk to the writer. */
  RestorePoint backUp(Map<String, byte[]> disks) {
    return backUp(repository, disks);
  }

  RestorePoint backUp(ChainRepository to, Map<String, byte[]> disks) {
    clock.advance(Duration.ofHours(1));
    List<String> names = new ArrayList<>(disks.keySet());
    PointDraft draft =
        new PointDraft(
            "web",
            clock.instant(),
            Consistency.CRASH,
            to.latest("web").map(RestorePoint::id),
            names.stream()
                .map(name -> new PointDraft.Disk(name, bytes(disks, name).length))
                .toList());
    try (PointWriter writer = to.beginPoint(draft)) {
      for (int disk = 0; disk < names.size(); disk++) {
        byte[] content = bytes(disks, names.get(disk));
        for (int at = 0; at < content.length; at += CHUNK) {
          byte[] chunk = Arrays.copyOfRange(content, at, Math.min(content.length, at + CHUNK));
          writer.write(disk, at / CHUNK, chunk, chunk.length);
        }
      }
      RestorePoint point = writer.seal(Map.of("mode", "test"));
      model.put(point, disks);
      return point;
    }
  }

  static byte[] bytes(Map<String, byte[]> disks, String name) {
    return Optional.ofNullable(disks.get(name)).orElseThrow();
  }

  byte[] read(ChainRepository from, RestorePoint point, int disk) {
    try (PointReader reader = from.read(point.id())) {
      byte[] content = new byte[(int) reader.disk(disk).sizeBytes()];
      reader.disk(disk).read(0, ByteBuffer.wrap(content));
      return content;
    }
  }

  Path image(Path under, RestorePoint point, String disk) {
    return under.resolve("web").resolve(ChainFolder.imageName(point.id().toString(), disk));
  }

  /** QEMU finds nothing wrong with the image and the content in it. */
  static void qemuAgrees(Path image, byte[] content, Path folder) {
    try {
      Path raw = Files.createTempFile(folder, "expected", ".img");
      Files.write(raw, content);
      qemu("qemu-img", "check", "-q", "-f", "qcow2", image);
      qemu("qemu-img", "compare", "-q", "-f", "raw", "-F", "qcow2", raw, image);
      Files.delete(raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String qemu(Object... command) {
    return ChildProcess.run(LIMIT, Arrays.stream(command).map(String::valueOf).toList())
        .orFail()
        .stdout();
  }

  /** Random content with holes. */
  static byte[] disk(int bytes, long seed) {
    return changed(new byte[bytes], seed, 6);
  }

  /** The disk after some writes, of which some are zeros. */
  static byte[] changed(byte[] disk, long seed, int writes) {
    byte[] after = disk.clone();
    Random random = new Random(seed);
    for (int i = 0; i < writes; i++) {
      byte[] piece = new byte[Math.min(after.length, 1 + random.nextInt(200_000))];
      if (random.nextInt(4) > 0) {
        random.nextBytes(piece);
      }
      int at = random.nextInt(after.length - piece.length + 1);
      System.arraycopy(piece, 0, after, at, piece.length);
    }
    return after;
  }
}
