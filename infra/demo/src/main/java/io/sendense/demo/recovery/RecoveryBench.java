package io.sendense.demo.recovery;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import io.sendense.testkit.guest.RecordingGuest;
import io.sendense.testkit.libvirt.LibvirtServer;
import io.sendense.testkit.libvirt.SerialLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code ./sendense bench recovery}: how long a guest boots from its own qcow2 images and how long
 * by instant recovery, in turns; and what the serving process holds with many recoveries at once.
 */
public final class RecoveryBench {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final String READY = "READY ";
  private static final double TICKS_PER_SECOND = 100;

  private final List<String> appliance;
  private final Path folder;
  private final LibvirtServer server;

  private RecoveryBench(List<String> appliance, Path folder, LibvirtServer server) {
    this.appliance = appliance;
    this.folder = folder;
    this.server = server;
  }

  /**
   * @param arguments boot with the number of turns, or memory with the number of recoveries; the
   *     appliance's command line is in SENDENSE_BENCH_APPLIANCE, a word a line
   */
  public static void main(String[] arguments) throws IOException {
    String what = arguments.length > 0 ? arguments[0] : "";
    if (!what.equals("boot") && !what.equals("memory")) {
      System.err.println("Usage: ./sendense bench recovery boot|memory [COUNT]");
      System.exit(2);
    }
    int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    List<String> appliance =
        Arrays.asList(System.getenv().getOrDefault("SENDENSE_BENCH_APPLIANCE", "").split("\n"));
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "rb");
    try (LibvirtServer server = LibvirtServer.start()) {
      Folders.writePrivate(folder.resolve("key"), "the key of a repository that lives for minutes");
      RecoveryBench bench = new RecoveryBench(appliance, folder, server);
      bench.backUp();
      if (what.equals("boot")) {
        bench.boot(count == 0 ? 5 : count);
      } else {
        bench.memory(count == 0 ? 20 : count);
      }
    } finally {
      Folders.delete(folder);
    }
    System.exit(0);
  }

  private Path images() {
    return server.folder().resolve("vm");
  }

  private void backUp() throws IOException {
    RecordingGuest guest = RecordingGuest.build();
    Path boot = folder.resolve("boot.raw");
    Path log = folder.resolve("log.raw");
    guest.bootDisk(boot);
    RecordingGuest.logDisk(log);
    Path source = Files.createDirectory(server.folder().resolve("source"));
    Files.createDirectory(images());
    StringBuilder disks = new StringBuilder();
    for (Map.Entry<String, Path> disk : Map.of("vda", boot, "vdb", log).entrySet()) {
      Path image = source.resolve(disk.getKey() + ".qcow2");
      run(
          List.of(
              "qemu-img",
              "convert",
              "-f",
              "raw",
              "-O",
              "qcow2",
              disk.getValue().toString(),
              image.toString()));
      disks.append(
          "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='%s'/><target dev='%s' bus='virtio'/></disk>"
              .formatted(image, disk.getKey()));
    }
    server.own(server.folder());
    server.define(
        ("<domain type='qemu'><name>guest</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>"
                + "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>%s"
                + "</devices></domain>")
            .formatted(disks));
    appliance("repository", "init", repository());
    server.virsh("start", "--paused", "guest");
    appliance(
        "kvm",
        "backup",
        "--repository",
        repository(),
        "--uri",
        server.uri(),
        "--vm",
        "guest",
        "--scratch",
        source.toString());
    server.virsh("destroy", "guest");
  }

  private String repository() {
    return folder.resolve("repository").toString();
  }

  private void boot(int turns) throws IOException {
    appliance(
        "kvm",
        "restore",
        "--repository",
        repository(),
        "--uri",
        server.uri(),
        "--point",
        "latest",
        "--vm",
        "guest",
        "--name",
        "direct",
        "--to",
        images().toString());
    List<Boot> direct = new ArrayList<>();
    List<Boot> instant = new ArrayList<>();
    for (int turn = 0; turn <= turns; turn++) {
      server.own(images());
      server.virsh("start", "direct");
      Boot own = untilReady("direct");
      server.virsh("destroy", "direct");
      start("instant");
      Boot served = untilReady("instant");
      appliance("instant", "discard", "instant");
      System.out.printf(
          Locale.ROOT,
          "turn %d: direct %.2f s (QEMU's processor %.2f s), instant %.2f s (%.2f s)%n",
          turn,
          own.wall(),
          own.processor(),
          served.wall(),
          served.processor());
      // The first turn finds nothing in the page cache and pays for the other's.
      if (turn > 0) {
        direct.add(own);
        instant.add(served);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "median of %d: direct %.2f s, instant %.2f s, ratio %.2f; processor ratio %.2f%n",
        turns,
        median(direct, Boot::wall),
        median(instant, Boot::wall),
        median(instant, Boot::wall) / median(direct, Boot::wall),
        median(instant, Boot::processor) / median(direct, Boot::processor));
  }

  private static double median(List<Boot> boots, ToDoubleFunction<Boot> of) {
    double[] sorted = boots.stream().mapToDouble(of).sorted().toArray();
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void memory(int count) throws IOException {
    long before = System.nanoTime();
    for (int i = 1; i <= count; i++) {
      String name = "m" + i;
      start(name);
      Boot unused = untilReady(name);
      // It keeps its connections; twenty guests that run at once would only wait for each other.
      server.virsh("suspend", name);
    }
    List<ChildProcess> readers = new ArrayList<>();
    try (Stream<Path> sockets = Files.list(images())) {
      for (Path socket : sockets.filter(file -> file.toString().endsWith(".sock")).toList()) {
        readers.add(ChildProcess.start("nbdcopy", "nbd+unix:///disk0?socket=" + socket, "null:"));
      }
    }
    for (ChildProcess reader : readers) {
      try (reader) {
        int code = reader.awaitExit(LONG);
        if (code != 0) {
          throw new IllegalStateException(
              "a recovery was not read whole: nbdcopy ended with " + code);
        }
      }
    }
    String listed = appliance("instant", "list", "--json");
    Matcher peak = Pattern.compile("\"serverPeakBytes\":([0-9]+)").matcher(listed);
    long most = 0;
    int served = 0;
    while (peak.find()) {
      served++;
      most = Math.max(most, Long.parseLong(peak.group(1)));
    }
    System.out.printf(
        Locale.ROOT,
        "%d recoveries served by one process, all read whole at once: at most %d MiB resident"
            + " (%.0f s)%n",
        served,
        most >> 20,
        (System.nanoTime() - before) / 1e9);
    for (int i = 1; i <= count; i++) {
      appliance("instant", "discard", "m" + i);
    }
  }

  private void start(String name) {
    appliance(
        "instant",
        "start",
        "--repository",
        repository(),
        "--uri",
        server.uri(),
        "--point",
        "latest",
        "--vm",
        "guest",
        "--name",
        name,
        "--to",
        images().toString());
  }

  /**
   * From the start of QEMU until the guest's own program is ready.
   *
   * @param wall seconds
   * @param processor seconds of QEMU
   */
  private record Boot(double wall, double processor) {}

  private Boot untilReady(String machine) throws IOException {
    try (SerialLine line = SerialLine.of(server, machine)) {
      line.await(READY, LONG, said -> said.contains(READY));
      double now = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
      String stat = Files.readString(Path.of("/proc/" + server.qemu(machine).pid() + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long used = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      return new Boot(now - Long.parseLong(fields[19]) / TICKS_PER_SECOND, used / TICKS_PER_SECOND);
    }
  }

  private String appliance(String... arguments) {
    List<String> command = new ArrayList<>(appliance);
    command.addAll(Arrays.asList(arguments));
    command.addAll(
        List.of("--key-file", folder.resolve("key").toString(), "--state", folder + "/state"));
    return run(command);
  }

  private static String run(List<String> command) {
    return ChildProcess.run(LONG, command).orFail().stdout();
  }
}
