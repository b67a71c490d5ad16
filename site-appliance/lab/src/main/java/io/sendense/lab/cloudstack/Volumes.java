package io.sendense.lab.cloudstack;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Volumes as qcow2 files in the root of the pool's folder. Called with the cloud's lock held. */
final class Volumes {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final JsonMapper JSON = new JsonMapper();

  private final Cloud cloud;
  private final Path pool;

  Volumes(Cloud cloud, Path pool) {
    this.cloud = cloud;
    this.pool = pool;
  }

  Row add(Call call, String name, String type, String path, long size) {
    Row owner = cloud.owner(call);
    cloud.requireRoom(owner, "volume", cloud.volumes, 1);
    Row volume =
        Cloud.row(name)
            .with("type", type)
            .with("state", "Ready")
            .with("size", size)
            .with("path", path)
            .with("zoneid", cloud.zone().id())
            .with("zonename", cloud.zone().text("name"))
            .with("storageid", cloud.pool().id())
            .with("storage", cloud.pool().text("name"))
            .with("storagetype", "shared")
            .with("hypervisor", "KVM");
    Cloud.own(volume, owner);
    return cloud.volumes.add(volume);
  }

  void attach(Row volume, Row vm, long device) {
    volume
        .with("virtualmachineid", vm.id())
        .with("vmname", vm.text("name"))
        .with("vmdisplayname", vm.text("displayname"))
        .with("vmstate", vm.text("state"))
        .with("deviceid", device);
  }

  /** What is still only on secondary storage comes to the pool when its machine starts. */
  void materialise(Row volume) {
    if (volume.has("_from")) {
      String path = volume.id();
      toPrimary(Path.of(volume.text("_from")), path);
      volume
          .with("path", path)
          .with("state", "Ready")
          .with("storageid", cloud.pool().id())
          .with("storage", cloud.pool().text("name"));
      volume.clear("_from");
    }
  }

  void detach(Row volume) {
    volume.clear("virtualmachineid", "vmname", "vmdisplayname", "vmstate", "deviceid");
  }

  void delete(Row volume) {
    cloud.volumes.remove(volume);
    if (volume.has("path")) {
      try {
        Files.deleteIfExists(pool.resolve(volume.text("path")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A copy of a file of secondary storage as a new file of the pool. */
  private void toPrimary(Path from, String name) {
    qemuImg("convert", "-f", "qcow2", "-O", "qcow2", from.toString(), pool.resolve(name) + "");
    try {
      Files.setPosixFilePermissions(
          pool.resolve(name), java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void create(String name, long bytes) {
    qemuImg("create", "-q", "-f", "qcow2", pool.resolve(name).toString(), Long.toString(bytes));
  }

  private static String qemuImg(String... arguments) {
    List<String> command =
        Stream.concat(Stream.of(Peers.require("qemu-img").toString()), Stream.of(arguments))
            .toList();
    ChildProcess.Result result = ChildProcess.run(DEADLINE, command);
    if (result.exitCode() != 0) {
      throw new LabError(LabError.INTERNAL, "qemu-img: " + result.stderr().strip());
    }
    return result.stdout();
  }

  static long virtualSize(Path image) {
    return info(image).path("virtual-size").asLong();
  }

  private static JsonNode info(Path image) {
    return JSON.readTree(qemuImg("info", "-U", "--output=json", image.toString()));
  }

  /** The files in the pool that no volume uses, as listVolumesForImport shows them. */
  List<Map<String, Object>> unmanaged(String path) {
    try (Stream<Path> files = Files.list(pool)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> path.isEmpty() || file.getFileName().toString().equals(path))
          .filter(file -> !managed(file.getFileName().toString()))
          .sorted()
          .map(this::forImport)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean managed(String path) {
    return !cloud.volumes.where(volume -> volume.is("path", path)).isEmpty();
  }

  private Map<String, Object> forImport(Path file) {
    JsonNode info = info(file);
    Map<String, Object> shown = new TreeMap<>();
    shown.put("name", file.getFileName().toString());
    shown.put("path", file.getFileName().toString());
    shown.put("fullpath", file.toString());
    shown.put("format", info.path("format").asString().toUpperCase(java.util.Locale.ROOT));
    shown.put("size", info.path("actual-size").asLong());
    shown.put("virtualsize", info.path("virtual-size").asLong());
    shown.put("storageid", cloud.pool().id());
    shown.put("storage", cloud.pool().text("name"));
    return shown;
  }

  /** Admin guide, "Importing and Unmanaging Volumes": what an image must be. */
  long requireImportable(String path) {
    Path file = pool.resolve(path);
    if (path.contains("/") || !Files.isRegularFile(file)) {
      throw new LabError(LabError.INTERNAL, "Cannot find volume on storage pool: " + path);
    }
    if (managed(path)) {
      throw new LabError(LabError.INTERNAL, "Volume is already managed by CloudStack: " + path);
    }
    JsonNode info = info(file);
    if (!info.path("format").asString().equals("qcow2")) {
      throw new LabError(LabError.INTERNAL, "Volume is not in QCOW2 format: " + path);
    }
    if (info.has("backing-filename")) {
      throw new LabError(LabError.INTERNAL, "Volume has a backing file: " + path);
    }
    return info.path("virtual-size").asLong();
  }
}
