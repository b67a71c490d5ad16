package io.sendense.connectors.kvm;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The QMP commands the source needs, typed. It decides nothing: what to do in which order is the
 * capture's and the reaper's matter.
 */
final class Hypervisor {
  /** What a bitmap counts in; QEMU's own default for images with 64 KiB clusters. */
  static final int GRANULARITY_BYTES = 65536;

  private final QmpClient qmp;
  private final Path socket;

  Hypervisor(QmpClient qmp, Path socket) {
    this.qmp = qmp;
    this.socket = socket;
  }

  String vmName() {
    return QmpClient.text(qmp.execute("query-name"), "name");
  }

  String uuid() {
    return QmpClient.text(qmp.execute("query-uuid"), "UUID");
  }

  String status() {
    return QmpClient.text(qmp.execute("query-status"), "status");
  }

  /**
   * Refuses what cannot take part: before 7.1 a write to a full scratch file failed the guest's own
   * write, and a storage daemon has no device under which the filter could be put.
   */
  void requireSupported() {
    JsonNode version = qmp.execute("query-version").path("qemu");
    int number = version.path("major").asInt(0) * 100 + version.path("minor").asInt(0);
    if (number < 701) {
      throw new SendenseException(
          ErrorCode.SOURCE_SNAPSHOT_FAILED,
          "QEMU at " + socket + " has version " + number / 100 + "." + number % 100,
          "QEMU 7.1 or newer is needed: older ones fail the guest's writes when the scratch"
              + " space runs out.");
    }
    boolean machine = false;
    for (JsonNode command : qmp.execute("query-commands")) {
      machine |= QmpClient.text(command, "name").equals("query-status");
    }
    if (!machine) {
      throw new SendenseException(
          ErrorCode.SOURCE_SNAPSHOT_FAILED,
          "the monitor at " + socket + " belongs to no virtual machine but to a storage daemon",
          "Give the QMP socket of the virtual machine itself.");
    }
  }

  /**
   * Refuses disks that an iothread serves: when a client leaves the NBD server of QEMU 7.2, such a
   * disk's export aborts QEMU, guest and all. The server was mended in 9.0.
   */
  void requireSafeExports(List<QemuDisk> disks) {
    JsonNode version = qmp.execute("query-version").path("qemu");
    if (version.path("major").asInt(0) >= 9 || qmp.execute("query-iothreads").isEmpty()) {
      return;
    }
    for (QemuDisk disk : disks) {
      if (usesIothread(disk)) {
        throw new SendenseException(
            ErrorCode.SOURCE_SNAPSHOT_FAILED,
            "disk "
                + disk.name()
                + " is served by an iothread, and with one the NBD server of this QEMU can abort"
                + " the whole virtual machine",
            "Use QEMU 9.0 or newer, or take the iothread off the disk.");
      }
    }
  }

  private boolean usesIothread(QemuDisk disk) {
    try {
      return !qmp.execute(
              "qom-get", QmpClient.object().put("path", disk.qomPath()).put("property", "iothread"))
          .asString("")
          .isEmpty();
    } catch (SendenseException e) {
      // A disk on a controller does not say it itself; where iothreads exist, assume the worse.
      return true;
    }
  }

  /** All writable disks that are not removable media, by name. */
  List<QemuDisk> disks() {
    List<QemuDisk> disks = new ArrayList<>();
    for (JsonNode device : qmp.execute("query-block")) {
      JsonNode inserted = device.path("inserted");
      String qdev = QmpClient.text(device, "qdev");
      if (inserted.isObject()
          && !inserted.path("ro").asBoolean(false)
          && !device.path("removable").asBoolean(false)
          && DeviceNames.isDisk(qdev)) {
        disks.add(disk(device, inserted, qdev));
      }
    }
    disks.sort(Comparator.comparing(QemuDisk::name));
    return disks;
  }

  private static QemuDisk disk(JsonNode device, JsonNode inserted, String qdev) {
    String format = QmpClient.text(inserted, "drv");
    JsonNode image = inserted.path("image");
    List<DirtyBitmap> bitmaps = new ArrayList<>();
    for (JsonNode b : inserted.path("dirty-bitmaps")) {
      if (b.has("name")) {
        bitmaps.add(
            new DirtyBitmap(
                QmpClient.text(b, "name"),
                b.path("recording").asBoolean(false),
                b.path("busy").asBoolean(false),
                b.path("persistent").asBoolean(false),
                b.path("inconsistent").asBoolean(false)));
      }
    }
    String compat = QmpClient.text(image.path("format-specific").path("data"), "compat");
    return new QemuDisk(
        DeviceNames.diskName(qdev, QmpClient.text(device, "device")),
        DeviceNames.qomPath(qdev),
        QmpClient.text(inserted, "node-name"),
        format,
        image.path("virtual-size").asLong(0),
        DeviceNames.whyNoBitmaps(format, compat),
        bitmaps);
  }

  /** The block node on which the device works now; empty where there is no such device. */
  Optional<String> rootOf(String qomPath) {
    for (JsonNode device : qmp.execute("query-block")) {
      if (DeviceNames.qomPath(QmpClient.text(device, "qdev")).equals(qomPath)) {
        return Optional.of(QmpClient.text(device.path("inserted"), "node-name"));
      }
    }
    return Optional.empty();
  }

  Set<String> nodeNames() {
    Set<String> names = new HashSet<>();
    for (JsonNode node :
        qmp.execute("query-named-block-nodes", QmpClient.object().put("flat", true))) {
      names.add(QmpClient.text(node, "node-name"));
    }
    return names;
  }

  Set<String> exportIds() {
    Set<String> ids = new HashSet<>();
    for (JsonNode export : qmp.execute("query-block-exports")) {
      ids.add(QmpClient.text(export, "id"));
    }
    return ids;
  }

  /**
   * Lets QEMU make a sparse file, so that it has QEMU's owner. Returns when the job is gone.
   *
   * @throws SendenseException SOURCE_PROTOCOL with QEMU's words
   */
  void createFile(String jobId, Path file, long sizeBytes) {
    ObjectNode options =
        QmpClient.object()
            .put("driver", "file")
            .put("filename", file.toString())
            .put("size", sizeBytes);
    ObjectNode create = QmpClient.object().put("job-id", jobId);
    create.set("options", options);
    qmp.execute("blockdev-create", create);
    qmp.await("the end of job " + jobId, () -> isConcluded(jobId));
    String error = findJob(jobId).map(job -> QmpClient.text(job, "error")).orElse("");
    dismiss(jobId);
    if (!error.isEmpty()) {
      throw new SendenseException(
          ErrorCode.SOURCE_PROTOCOL,
          "QEMU at " + socket + " could not create " + file + ": " + error,
          "Check that QEMU's user may write to the scratch folder.");
    }
  }

  /** Ends a creation job if there is one, whatever state it is in. */
  void dismissIfThere(String jobId) {
    if (findJob(jobId).isPresent()) {
      qmp.await("the end of job " + jobId, () -> isConcluded(jobId));
      dismiss(jobId);
    }
  }

  private void dismiss(String jobId) {
    qmp.execute("job-dismiss", QmpClient.object().put("id", jobId));
    qmp.await("JOB_STATUS_CHANGE null of " + jobId, () -> findJob(jobId).isEmpty());
  }

  private boolean isConcluded(String jobId) {
    return findJob(jobId).map(j -> QmpClient.text(j, "status").equals("concluded")).orElse(true);
  }

  private Optional<JsonNode> findJob(String jobId) {
    for (JsonNode job : qmp.execute("query-jobs")) {
      if (QmpClient.text(job, "id").equals(jobId)) {
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  void addNode(ObjectNode options) {
    qmp.execute("blockdev-add", options);
  }

  void removeNode(String node) {
    qmp.execute("blockdev-del", QmpClient.object().put("node-name", node));
  }

  /** Changes the children of all the pass-through nodes at one instant; see {@link FilterGraph}. */
  void reopen(List<ObjectNode> options) {
    ArrayNode list = QmpClient.object().putArray("options").addAll(options);
    ObjectNode arguments = QmpClient.object();
    arguments.set("options", list);
    qmp.execute("blockdev-reopen", arguments);
  }

  /**
   * Puts a node under a guest device. Setting the node that is there already aborts QEMU 7.2, guest
   * and all, so that is looked up first.
   */
  void setRoot(String qomPath, String node) {
    Optional<String> root = rootOf(qomPath);
    if (root.isEmpty() || root.get().equals(node)) {
      return;
    }
    qmp.execute(
        "qom-set",
        QmpClient.object().put("path", qomPath).put("property", "drive").put("value", node));
  }

  void startNbdServer(Path nbdSocket, int maxConnections) {
    ObjectNode address = QmpClient.object().put("type", "unix");
    address.putObject("data").put("path", nbdSocket.toString());
    ObjectNode arguments = QmpClient.object().put("max-connections", maxConnections);
    arguments.set("addr", address);
    qmp.execute("nbd-server-start", arguments);
  }

  /** A server that is stopped already stays so. */
  void stopNbdServer() {
    try {
      qmp.execute("nbd-server-stop");
    } catch (SendenseException e) {
      if (!String.valueOf(e.getMessage()).contains("NBD server not running")) {
        throw e;
      }
    }
  }

  void addExport(String id, String node, Optional<BitmapRef> bitmap) {
    ObjectNode arguments =
        QmpClient.object().put("id", id).put("type", "nbd").put("node-name", node).put("name", id);
    bitmap.ifPresent(
        ref ->
            arguments
                .putArray("bitmaps")
                .addObject()
                .put("node", ref.node())
                .put("name", ref.name()));
    qmp.execute("block-export-add", arguments);
  }

  /** Returns when the exports are gone; those that are not there are left out. */
  void removeExports(Set<String> ids) {
    Set<String> there = exportIds();
    for (String id : ids) {
      if (there.contains(id)) {
        qmp.execute("block-export-del", QmpClient.object().put("id", id).put("mode", "hard"));
      }
    }
    qmp.await(
        "BLOCK_EXPORT_DELETED of " + ids, () -> exportIds().stream().noneMatch(ids::contains));
  }

  /** Does all the bitmap changes or none. */
  void transaction(List<ObjectNode> actions) {
    if (actions.isEmpty()) {
      return;
    }
    ObjectNode arguments = QmpClient.object();
    arguments.putArray("actions").addAll(actions);
    qmp.execute("transaction", arguments);
  }

  static ObjectNode addBitmap(BitmapRef ref) {
    ObjectNode action = action("block-dirty-bitmap-add", ref);
    ((ObjectNode) action.get("data")).put("persistent", true).put("granularity", GRANULARITY_BYTES);
    return action;
  }

  static ObjectNode enableBitmap(BitmapRef ref) {
    return action("block-dirty-bitmap-enable", ref);
  }

  static ObjectNode disableBitmap(BitmapRef ref) {
    return action("block-dirty-bitmap-disable", ref);
  }

  static ObjectNode removeBitmap(BitmapRef ref) {
    return action("block-dirty-bitmap-remove", ref);
  }

  static ObjectNode mergeBitmap(BitmapRef from, String into) {
    ObjectNode action = QmpClient.object().put("type", "block-dirty-bitmap-merge");
    action
        .putObject("data")
        .put("node", from.node())
        .put("target", into)
        .putArray("bitmaps")
        .add(from.name());
    return action;
  }

  private static ObjectNode action(String type, BitmapRef ref) {
    ObjectNode action = QmpClient.object().put("type", type);
    action.putObject("data").put("node", ref.node()).put("name", ref.name());
    return action;
  }

  /** A bitmap on a block node. */
  record BitmapRef(String node, String name) {}
}
