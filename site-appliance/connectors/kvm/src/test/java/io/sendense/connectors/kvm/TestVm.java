package io.sendense.connectors.kvm;

import static java.util.stream.Collectors.toCollection;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * A real QEMU whose processor does not run: its disks are written through the guest's device, by
 * the monitor, exactly when the test says so. A second monitor is the test's own.
 */
final class TestVm implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(30);

  private final Path folder;
  private final List<String> diskArguments;
  private ChildProcess qemu;
  private QmpClient qmp;

  private TestVm(Path folder, List<String> diskArguments) {
    this.folder = folder;
    this.diskArguments = diskArguments;
    this.qemu = launch();
    this.qmp = QmpClient.connect(ownSocket(), DEADLINE);
  }

  /** Two qcow2 disks of 8 MiB: one with an id and a node name, one given the old way. */
  static TestVm twoDisks(Path folder) {
    image(folder, "a.qcow2", "qcow2", 8);
    image(folder, "b.qcow2", "qcow2", 8);
    return start(
        folder,
        "-blockdev",
        "driver=file,node-name=a-file,filename=a.qcow2",
        "-blockdev",
        "driver=qcow2,node-name=a,file=a-file",
        "-device",
        "virtio-blk-pci,id=vda,drive=a",
        "-drive",
        "file=b.qcow2,format=qcow2,if=virtio");
  }

  static TestVm start(Path folder, String... diskArguments) {
    return new TestVm(folder, List.of(diskArguments));
  }

  static void image(Path folder, String name, String format, int mebibytes) {
    Path qemuImg = Peers.require("qemu-img");
    ChildProcess.run(
            DEADLINE,
            qemuImg.toString(),
            "create",
            "-q",
            "-f",
            format,
            folder.resolve(name).toString(),
            mebibytes + "M")
        .orFail();
  }

  private ChildProcess launch() {
    List<String> command = new ArrayList<>();
    command.add(Peers.require("qemu-system-x86_64").toString());
    command.addAll(
        List.of("-accel", "tcg", "-M", "q35", "-m", "64", "-S", "-display", "none", "-nodefaults"));
    command.addAll(List.of("-name", "testvm", "-uuid", "6fb1f3a8-9b1c-4c3f-8f61-0d8a4a6f0001"));
    command.addAll(List.of("-qmp", "unix:" + socket() + ",server=on,wait=off"));
    command.addAll(List.of("-qmp", "unix:" + ownSocket() + ",server=on,wait=off"));
    command.addAll(diskArguments);
    ChildProcess child =
        ChildProcess.start(command, java.util.Map.of(), java.util.Optional.of(folder));
    child.await(
        "its monitors", DEADLINE, () -> Files.exists(socket()) && Files.exists(ownSocket()));
    return child;
  }

  /** For the source under test. */
  Path socket() {
    return folder.resolve("qmp.sock");
  }

  private Path ownSocket() {
    return folder.resolve("test.sock");
  }

  ChildProcess process() {
    return qemu;
  }

  QmpClient qmp() {
    return qmp;
  }

  /** As a power cut. */
  void kill() {
    qmp.close();
    qemu.kill();
  }

  /** As the guest's own clean shutdown. */
  void powerOff() {
    try {
      qmp.execute("quit");
    } catch (io.sendense.domain.SendenseException e) {
      // QEMU may be gone before its answer is.
      org.assertj.core.api.Assertions.assertThat(e).hasMessageContaining("QMP");
    }
    qemu.awaitExit(DEADLINE);
    qmp.close();
  }

  void startAgain() {
    deleteSockets();
    qemu = launch();
    qmp = QmpClient.connect(ownSocket(), DEADLINE);
  }

  private void deleteSockets() {
    try {
      Files.deleteIfExists(socket());
      Files.deleteIfExists(ownSocket());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Writes one byte value over a range, as the guest would. */
  void write(String drive, int value, long offset, long length) {
    String path =
        new Hypervisor(qmp, ownSocket())
            .disks().stream()
                .filter(d -> d.name().equals(drive))
                .findFirst()
                .orElseThrow()
                .qomPath();
    qmp.execute(
        "human-monitor-command",
        QmpClient.object()
            .put(
                "command-line",
                "qemu-io -d "
                    + path
                    + " \"write -q -P "
                    + value
                    + " "
                    + offset
                    + " "
                    + length
                    + "\""));
  }

  /** Everything that a capture could leave behind in QEMU, in words. */
  List<String> remains() {
    TreeSet<String> all = new TreeSet<>();
    for (JsonNode node :
        qmp.execute("query-named-block-nodes", QmpClient.object().put("flat", true))) {
      String name = QmpClient.text(node, "node-name");
      all.add("node " + (name.startsWith("#") ? "auto " + QmpClient.text(node, "drv") : name));
      for (JsonNode bitmap : node.path("dirty-bitmaps")) {
        all.add(
            "bitmap "
                + QmpClient.text(bitmap, "name")
                + " recording "
                + bitmap.path("recording").asBoolean(false)
                + " on "
                + QmpClient.text(node, "drv"));
      }
    }
    for (JsonNode device : qmp.execute("query-block")) {
      String root = QmpClient.text(device.path("inserted"), "node-name");
      all.add("device " + QmpClient.text(device, "qdev") + (root.startsWith("#") ? "" : root));
    }
    for (JsonNode job : qmp.execute("query-jobs")) {
      all.add("job " + QmpClient.text(job, "id"));
    }
    for (JsonNode export : qmp.execute("query-block-exports")) {
      all.add("export " + QmpClient.text(export, "id"));
    }
    return List.copyOf(all);
  }

  /** Files that a capture could leave behind. */
  static List<String> files(Path scratch) {
    try (java.util.stream.Stream<Path> files = Files.list(scratch)) {
      return files.map(f -> f.getFileName().toString()).collect(toCollection(ArrayList::new));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    qmp.close();
    qemu.close();
  }
}
