package io.sendense.simulation.kill;

import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointId;
import io.sendense.repository.format.PointReader;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RestorePoint;
import io.sendense.repository.format.VerifyOptions;
import io.sendense.repository.format.VerifyReport;
import io.sendense.repository.local.LocalObjectStore;
import io.sendense.simulation.Options;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills the real command line with SIGKILL in every phase of a backup, again and again, and looks
 * after each kill whether a point was lost or damaged, whether a point that did appear is right,
 * and at the end whether the next run goes on. A kill counts for the phase the process had
 * announced last when it died; a phase hit fewer than five times fails the run.
 */
public final class KillSoak {
  static final List<String> PHASES =
      List.of("prepare", "capture", "read", "sample", "seal", "publish", "commit");
  static final int HITS_MIN = 5;
  private static final int MIB = 1 << 20;
  private static final Duration CHILD = Duration.ofMinutes(1);

  private final Path folder;
  private final Program program;
  private final SplittableRandom random;
  private final PrintStream out;
  private final Path disk;
  private final Path socket;
  private final Path repository;
  private final Map<String, Integer> hits = new LinkedHashMap<>();
  private final Map<PointId, String> hashes = new LinkedHashMap<>();

  KillSoak(Program program, long seed, PrintStream out) {
    this.program = program;
    folder = program.folder();
    random = new SplittableRandom(seed);
    this.out = out;
    this.disk = folder.resolve("disk.qcow2");
    this.socket = folder.resolve("disk.sock");
    this.repository = folder.resolve("repository");
    PHASES.forEach(phase -> hits.put(phase, 0));
  }

  /**
   * {@code ./sendense soak kill}: number of kills and seed, as {@code --kills} and {@code --seed}.
   * The words of the appliance's command line come one a line in SENDENSE_SOAK_APPLIANCE.
   */
  public static void main(String[] arguments) throws IOException {
    Options options = Options.parse(arguments, Map.of("--kills", 200L, "--seed", 1L));
    if (options.wrong().isPresent()) {
      System.out.println(options.wrong().get());
      System.exit(2);
    }
    List<String> words =
        System.getenv().getOrDefault("SENDENSE_SOAK_APPLIANCE", "").lines().toList();
    Path folder = Files.createTempDirectory("sendense-soak-");
    new KillSoak(new Program(words, folder), options.number("--seed"), System.out)
        .run((int) options.number("--kills"));
    Folders.delete(folder);
  }

  /**
   * @throws AssertionError where a point was lost or damaged or a phase was hit too seldom
   */
  Map<String, Integer> run(int kills) throws IOException {
    long start = System.nanoTime();
    prepare();
    for (int i = 0; i < kills; i++) {
      // A kill aimed at a short phase often comes too late and counts for the next.
      String phase = Collections.min(PHASES, Comparator.comparing(hits::get));
      write(i);
      try (ChildProcess server = serve()) {
        server.awaitFile(socket, CHILD);
        killIn(phase);
        check(i);
      }
    }
    write(kills);
    try (ChildProcess server = serve()) {
      server.awaitFile(socket, CHILD);
      backUp().orFail();
      check(kills);
    }
    checkEverything();
    out.printf(
        "%d kills in %d s: %s; %d points, none lost or damaged%n",
        kills, Duration.ofNanos(System.nanoTime() - start).toSeconds(), hits, hashes.size());
    hits.forEach(
        (phase, count) -> {
          if (count < HITS_MIN) {
            throw new AssertionError("phase " + phase + " was hit " + count + " times: " + hits);
          }
        });
    return Map.copyOf(hits);
  }

  /** A disk whose bitmap begins with the first point, which is made before the first kill. */
  private void prepare() throws IOException {
    Path raw = RawDisks.sparse(folder.resolve("start.img"), 64L * MIB);
    RawDisks.random(raw, 0, 4 * MIB, random.split());
    RawDisks.text(raw, 20L * MIB, 8 * MIB, random.split());
    tool("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), disk.toString());
    tool("qemu-img", "bitmap", "--add", disk.toString(), "b0");
    Files.delete(raw);
    program.run(CHILD, "repository", "init", repository.toString()).orFail();
    try (ChildProcess server = serve()) {
      server.awaitFile(socket, CHILD);
      backUp().orFail();
      check(-1);
    }
  }

  private void write(int round) {
    for (int i = 0; i < 3; i++) {
      long at = random.nextInt(60 * 16) * 65536L;
      tool(
          "qemu-io",
          "-f",
          "qcow2",
          "-c",
          "write -q -P " + (1 + (round * 3 + i) % 250) + " " + at + " 2M",
          disk.toString());
    }
  }

  private ChildProcess serve() throws IOException {
    Files.deleteIfExists(socket);
    return ChildProcess.start(
        "qemu-nbd",
        "--read-only",
        "--persistent",
        "--format=qcow2",
        "--shared=16",
        "--bitmap=b0",
        "--socket=" + socket,
        disk.toString());
  }

  private String uri() {
    return "nbd+unix:///?socket=" + socket + "#bitmap=b0";
  }

  private String[] backup() {
    return new String[] {
      "backup", "--repository", repository.toString(), "--vm", "web", "--disk", uri()
    };
  }

  private ChildProcess.Result backUp() {
    return program.run(CHILD, backup());
  }

  /**
   * Reads the child's own announcements as they come, so that the kill falls into a known phase.
   */
  private void killIn(String phase) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(program.command(backup()));
    builder.environment().putAll(program.environment());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    try (BufferedReader lines =
        new BufferedReader(
            new java.io.InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      String last = "";
      StringBuilder said = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.append(line).append('\n');
        if (line.startsWith("phase ")) {
          last = line.substring("phase ".length());
          if (last.equals(phase)) {
            LockSupport.parkNanos(random.nextLong(spreadNanos(phase)));
            // The handle's, because the process's own would also close the stream being read.
            process.toHandle().destroyForcibly();
          }
        }
      }
      if (!process.waitFor(CHILD.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("the child did not die");
      }
      if (process.exitValue() != 137 && process.exitValue() != 0) {
        throw new AssertionError("the child failed by itself:\n" + said);
      }
      if (process.exitValue() == 137) {
        hits.merge(last, 1, Integer::sum);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** How far into a phase a kill may fall; short phases would otherwise be over. */
  private static long spreadNanos(String phase) {
    return switch (phase) {
      case "read" -> 40_000_000L;
      case "seal" -> 15_000_000L;
      default -> 500_000L;
    };
  }

  /** Every point seen before is still there and unchanged; a new one is what the disk was. */
  private void check(int round) throws IOException {
    try (Opened opened = open()) {
      List<RestorePoint> points = opened.repository().points();
      List<PointId> ids = points.stream().map(RestorePoint::id).toList();
      for (PointId known : hashes.keySet()) {
        if (!ids.contains(known)) {
          throw new AssertionError("round " + round + ": point " + known + " is lost");
        }
      }
      for (PointId id : ids) {
        if (!hashes.containsKey(id)) {
          String stored = hash(opened.repository(), id);
          String real = hashOfDisk();
          if (!stored.equals(real)) {
            throw new AssertionError("round " + round + ": point " + id + " is not what was read");
          }
          hashes.put(id, stored);
        }
      }
    }
  }

  private void checkEverything() throws IOException {
    try (Opened opened = open()) {
      VerifyReport report =
          opened.repository().verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
      if (!report.whole()) {
        throw new AssertionError("the repository is damaged: " + report.findings());
      }
      hashes.forEach(
          (id, hash) -> {
            if (!hash(opened.repository(), id).equals(hash)) {
              throw new AssertionError("point " + id + " has changed");
            }
          });
    }
  }

  private Opened open() {
    LocalObjectStore store = LocalObjectStore.open(repository);
    return new Opened(
        store,
        Repository.open(
            store,
            RepositorySecret.keyFile(program.keyFile()),
            Environment.of(InstantSource.system(), new SecureRandom())));
  }

  private static String hash(Repository repository, PointId id) {
    try (PointReader reader = repository.read(id)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) reader.disk(0).sizeBytes());
      reader.disk(0).read(0, buffer);
      return HexFormat.of().formatHex(RawDisks.sha256().digest(buffer.array()));
    }
  }

  private String hashOfDisk() throws IOException {
    Path raw = folder.resolve("now.img");
    tool("nbdcopy", "nbd+unix:///?socket=" + socket, raw.toString());
    String hash = RawDisks.sha256(raw);
    Files.delete(raw);
    return hash;
  }

  private static void tool(String... command) {
    ChildProcess.run(CHILD, command).orFail();
  }
}
