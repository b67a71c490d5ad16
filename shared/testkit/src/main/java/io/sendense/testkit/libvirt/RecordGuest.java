package io.sendense.testkit.libvirt;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the guest of {@code record-guest.s} says on its serial line, as its machine runs: it writes
 * numbered records to both of its disks and acknowledges each when the disks have it.
 */
public final class RecordGuest implements AutoCloseable {
  private static final long DISK_BYTES = 256L << 20;
  private static final long STILL_OFFSET = 8 << 20;
  private static final int STILL_BYTES = 24 << 20;
  private static final Duration TOOL = Duration.ofSeconds(60);
  private static final Pattern ACK = Pattern.compile("ACK ([0-9a-f]{8})\n");
  private static final Pattern FOUND = Pattern.compile("FOUND ([0-9a-f]{8})\n");

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final SerialLine line;

  private RecordGuest(SerialLine line) {
    this.line = line;
  }

  /**
   * A machine with a boot disk and a data disk, both partly of random bytes that its guest leaves
   * alone. It is defined and off.
   */
  public static void define(LibvirtServer server, String name, Path folder) {
    Path boot = image(folder, "vda", bootSector());
    Path data = image(folder, "vdb", new byte[0]);
    server.own(folder);
    server.define(
        ("<domain type='qemu'><name>%s</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>"
                + "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>%s%s"
                + "<serial type='pty'/></devices></domain>")
            .formatted(name, disk(boot, "vda"), disk(data, "vdb")));
  }

  private static String disk(Path file, String target) {
    return "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='%s'/><target dev='%s' bus='virtio'/></disk>"
        .formatted(file, target);
  }

  private static byte[] bootSector() {
    try (@Nullable InputStream hex =
        RecordGuest.class.getResourceAsStream("/io/sendense/testkit/guest/record-guest.hex")) {
      if (hex == null) {
        throw new IllegalStateException("the guest is not in this build");
      }
      String text = new String(hex.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path image(Path folder, String name, byte[] start) {
    Path raw = folder.resolve(name + ".raw");
    Path image = folder.resolve(name + ".qcow2");
    byte[] still = new byte[STILL_BYTES];
    new SplittableRandom(name.hashCode()).nextBytes(still);
    try (FileChannel file =
        FileChannel.open(raw, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(1), DISK_BYTES - 1);
      file.write(ByteBuffer.wrap(still), STILL_OFFSET);
      file.write(ByteBuffer.wrap(start), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildProcess.run(
            TOOL,
            Peers.require("qemu-img").toString(),
            "convert",
            "-f",
            "raw",
            "-O",
            "qcow2",
            raw.toString(),
            image.toString())
        .orFail();
    try {
      Files.delete(raw);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return image;
  }

  /** The start of a cluster of a disk that its guest leaves alone. */
  public static byte[] stillBytes(String disk) {
    byte[] random = new byte[STILL_BYTES];
    new SplittableRandom(disk.hashCode()).nextBytes(random);
    return Arrays.copyOf(random, 4096);
  }

  /** Listens to a machine that runs. */
  public static RecordGuest listen(LibvirtServer server, String machine) {
    return new RecordGuest(SerialLine.of(server, machine));
  }

  /** Number of the last record that it said the disk has; -1 before the first. */
  public int acknowledged() {
    return last(ACK, line.said());
  }

  private static int last(Pattern pattern, String said) {
    int last = -1;
    Matcher all = pattern.matcher(said);
    while (all.find()) {
      last = Integer.parseInt(all.group(1), 16);
    }
    return last;
  }

  /** Returns when so many more records are acknowledged than are now. */
  public int awaitMore(int records) {
    int wanted = acknowledged() + records;
    await("record " + wanted, said -> last(ACK, said) >= wanted);
    return acknowledged();
  }

  /** How many records it found on its disk when it booted. */
  public int found() {
    await("FOUND", said -> last(FOUND, said) >= 0);
    return last(FOUND, line.said());
  }

  private void await(String what, Predicate<String> holds) {
    line.await(
        what,
        PATIENCE,
        said -> {
          boolean come = holds.test(said);
          if (!come && said.contains("ERR ")) {
            throw new AssertionError(what + " did not come; the guest said: " + said);
          }
          return come;
        });
  }

  @Override
  public void close() {
    line.close();
  }
}
