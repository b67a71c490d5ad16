package io.sendense.appliance;

import io.sendense.appliance.cli.Cli;
import io.sendense.appliance.cli.Surroundings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Runs the usual commands once on a small disk, so that the JVM can write down which classes they
 * load and how (JEP 514, JEP 515) and every later command starts sooner. Proves nothing.
 */
public final class Rehearsal {
  private static final int MEBIBYTE = 1 << 20;
  private static final int DISK_MEBIBYTES = 96;

  private Rehearsal() {}

  /**
   * @param arguments a folder that is there and empty; what is made in it is left there
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path disk = folder.resolve("disk.raw");
    writeDisk(disk);
    Surroundings surroundings = quiet();
    String repository = folder.resolve("repository").toString();
    String state = folder.resolve("state").toString();
    run(surroundings, "repository", "init", repository);
    for (int times = 0; times < 2; times++) {
      run(
          surroundings,
          "backup",
          "--state",
          state,
          "--repository",
          repository,
          "--vm",
          "rehearsal",
          "--disk",
          disk.toString());
    }
    run(surroundings, "points", "--repository", repository);
    run(surroundings, "repository", "verify", "--state", state, repository);
    run(
        surroundings,
        "restore",
        "--state",
        state,
        "--repository",
        repository,
        "--point",
        "latest",
        "--vm",
        "rehearsal",
        "--disk",
        "0",
        "--to",
        folder.resolve("restored.raw").toString());
  }

  private static void run(Surroundings surroundings, String... command) {
    int code = Cli.run(surroundings, command);
    if (code != 0) {
      throw new IllegalStateException(
          "\"" + String.join(" ", command) + "\" ended with exit code " + code);
    }
  }

  private static Surroundings quiet() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return new Surroundings(
        nowhere,
        System.err,
        Map.of("SENDENSE_PASSPHRASE", "a rehearsal keeps nothing"),
        InstantSource.system(),
        new SecureRandom(),
        false);
  }

  /** A third random, a third text-like, a third holes. */
  private static void writeDisk(Path disk) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    byte[] bytes = new byte[MEBIBYTE];
    try (FileChannel file =
        FileChannel.open(disk, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int at = 0; at < DISK_MEBIBYTES; at++) {
        switch (at % 3) {
          case 0 -> random.nextBytes(bytes);
          case 1 -> {
            for (int i = 0; i < bytes.length; i++) {
              bytes[i] = (byte) ('a' + random.nextInt(4));
            }
          }
          default -> {
            continue;
          }
        }
        file.write(ByteBuffer.wrap(bytes), (long) at * MEBIBYTE);
      }
      file.write(ByteBuffer.allocate(1), (long) DISK_MEBIBYTES * MEBIBYTE - 1);
    }
  }
}
