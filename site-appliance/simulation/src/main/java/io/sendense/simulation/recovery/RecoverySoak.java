package io.sendense.simulation.recovery;

import io.sendense.simulation.Options;
import io.sendense.simulation.kill.Program;
import io.sendense.testkit.Folders;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * {@code ./sendense soak recovery}: kills QEMU, libvirt, the command and the serving process in
 * every phase of captures, instant recoveries and proofs. After each kill the same is tried again
 * and has to succeed, no guest may have lost a record, no machine may be left paused, and nothing
 * that was made on the way may be there.
 */
public final class RecoverySoak {
  private RecoverySoak() {}

  /**
   * @param arguments {@code --minutes}, {@code --kills} (0 for as many as the time allows) and
   *     {@code --seed}; the appliance's command line is in SENDENSE_SOAK_APPLIANCE, a word a line
   */
  public static void main(String[] arguments) throws IOException {
    Options options =
        Options.parse(arguments, Map.of("--minutes", 10L, "--kills", 0L, "--seed", 1L));
    if (options.wrong().isPresent()) {
      System.out.println(options.wrong().get());
      System.exit(2);
    }
    List<String> words =
        System.getenv().getOrDefault("SENDENSE_SOAK_APPLIANCE", "").lines().toList();
    // Sockets lie in it, so its path is short; the machines' user passes through it.
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "rs");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    int code = 1;
    try (LibvirtServer server = LibvirtServer.start();
        RecoveryWorld world = new RecoveryWorld(new Program(words, folder), server)) {
      run(world, options);
      code = 0;
    } catch (AssertionError | RuntimeException e) {
      e.printStackTrace(System.err);
    } finally {
      Folders.delete(folder);
    }
    System.exit(code);
  }

  private static void run(RecoveryWorld world, Options options) {
    long seed = options.number("--seed");
    long start = System.nanoTime();
    long end = start + Duration.ofMinutes(options.number("--minutes")).toNanos();
    long most = options.number("--kills") == 0 ? Long.MAX_VALUE : options.number("--kills");
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, Integer> struck = new TreeMap<>();
    List<Blow> left = new ArrayList<>();
    int kills = 0;
    int late = 0;
    while (System.nanoTime() - end < 0 && kills + late < most) {
      if (left.isEmpty()) {
        left.addAll(Blow.all());
        Collections.shuffle(left, random);
      }
      Blow blow = left.removeLast();
      long delay = random.nextLong(400_000_000L);
      long began = System.nanoTime();
      boolean hit;
      try {
        hit = world.strike(blow, delay);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "kill " + (kills + late) + " of seed " + seed + ", " + blow + " after " + delay + " ns",
            e);
      }
      kills += hit ? 1 : 0;
      late += hit ? 0 : 1;
      struck.merge(blow.work() + " " + blow.victim(), hit ? 1 : 0, Integer::sum);
      System.out.printf(
          Locale.ROOT,
          "%3d  %-38s %s  %.1f s%n",
          kills + late,
          blow,
          hit ? "struck" : "too late",
          (System.nanoTime() - began) / 1e9);
    }
    world.atTheEnd();
    System.out.printf(
        "seed %d: %d kills and %d that came too late in %d s: %s; nothing lost, paused or left%n",
        seed, kills, late, Duration.ofNanos(System.nanoTime() - start).toSeconds(), struck);
    if (kills == 0) {
      throw new AssertionError("nothing was struck");
    }
  }
}
