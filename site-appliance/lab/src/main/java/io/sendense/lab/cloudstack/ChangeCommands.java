package io.sendense.lab.cloudstack;

import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** The commands that make, change and remove machines and volumes. */
final class ChangeCommands {
  private static final LabVersion IMPORTS_VMS = new LabVersion(4, 19, 0);
  private static final LabVersion IMPORTS_VOLUMES = new LabVersion(4, 19, 1);
  private static final LabVersion IMPORTS_MAC = new LabVersion(4, 22, 1);

  private final Cloud cloud;
  private final Machines machines;
  private final Volumes volumes;
  private final Uploads uploads;
  private final Jobs jobs;
  private final LabVersion version;

  ChangeCommands(
      Cloud cloud,
      Machines machines,
      Volumes volumes,
      Uploads uploads,
      Jobs jobs,
      LabVersion version) {
    this.cloud = cloud;
    this.machines = machines;
    this.volumes = volumes;
    this.uploads = uploads;
    this.jobs = jobs;
    this.version = version;
  }

  void register(Commands to) {
    to.add("queryAsyncJobResult", call -> jobs.query(call.require("jobid")));
    to.add("deployVirtualMachine", this::deploy);
    to.add("importVm", IMPORTS_VMS, true, call -> job(call, () -> importVm(call)));
    to.add("startVirtualMachine", onMachine(this::start));
    to.add("stopVirtualMachine", onMachine((call, vm) -> machines.stop(vm)));
    to.add("destroyVirtualMachine", onMachine(this::destroy));
    to.admin("migrateVirtualMachine", call -> job(call, () -> migrate(call)));
    to.admin("expungeVirtualMachine", onMachine((call, vm) -> machines.destroy(vm, true)));
    to.add("updateVirtualMachine", this::update);
    to.add("addNicToVirtualMachine", call -> job(call, () -> addNic(call)));
    to.add("createVolume", call -> job(call, () -> createVolume(call)));
    to.add("importVolume", IMPORTS_VOLUMES, true, call -> job(call, () -> importVolume(call)));
    to.add("unmanageVolume", IMPORTS_VOLUMES, true, call -> job(call, () -> unmanage(call)));
    to.add("attachVolume", call -> job(call, () -> attach(call)));
    to.add("detachVolume", call -> job(call, () -> detach(call)));
    to.add("deleteVolume", this::deleteVolume);
    to.add("deleteTemplate", call -> job(call, () -> deleteTemplate(call)));
    to.add("deleteVMSnapshot", call -> job(call, () -> deleteSnapshot(call)));
    to.named(
        "getUploadParamsForVolume",
        "postuploadvolumeresponse",
        LabVersion.ALWAYS,
        false,
        uploads::forVolume);
    to.named(
        "getUploadParamsForTemplate",
        "postuploadtemplateresponse",
        LabVersion.ALWAYS,
        false,
        uploads::forTemplate);
  }

  private Map<String, Object> job(Call call, Supplier<Map<String, Object>> work) {
    return Commands.object("jobid", jobs.start(call.command(), work));
  }

  private interface OnMachine {
    void run(Call call, Row vm);
  }

  private Function<Call, Map<String, Object>> onMachine(OnMachine work) {
    return call -> {
      Row vm = cloud.vms.require(call.command(), "id", call.require("id"));
      return job(
          call,
          () -> {
            work.run(call, vm);
            return shown(call, vm);
          });
    };
  }

  private static Map<String, Object> shown(Call call, Row vm) {
    return Commands.object("virtualmachine", Cloud.shown(call, vm));
  }

  /** A "create" command: the id comes at once, the disk and the start with the job. */
  private Map<String, Object> deploy(Call call) {
    cloud.zones.require(call.command(), "zoneid", call.require("zoneid"));
    Row template =
        cloud.templates.require(call.command(), "templateid", call.require("templateid"));
    if (call.optional("boottype").filter(type -> !type.equalsIgnoreCase("bios")).isPresent()) {
      throw new LabError(LabError.INTERNAL, "this lab does not model UEFI");
    }
    if (!template.is("isready", true)) {
      throw new LabError(LabError.PARAMETER, "Template " + template.id() + " is not ready");
    }
    Row vm =
        machines.allocate(call, call.optional("name").orElseGet(() -> "VM-" + UUID.randomUUID()));
    for (int i = 0; call.optional("iptonetworklist[" + i + "].networkid").isPresent(); i++) {
      String card = "iptonetworklist[" + i + "].";
      Row network =
          cloud.networks.require(call.command(), "networkid", call.get(card + "networkid"));
      machines.addNic(vm, network, call.get(card + "mac"));
    }
    vm.with("templateid", template.id()).with("templatename", template.text("name"));
    Row root = volumes.add(call, "ROOT-" + vm.id(), "ROOT", "", template.number("size"));
    // Its image is made at the first start.
    root.with("state", "Allocated").with("_from", uploads.file(template)).clear("path");
    volumes.attach(root, vm, 0);
    Map<String, Object> answer =
        job(
            call,
            () -> {
              if (!call.get("startvm").equalsIgnoreCase("false")) {
                machines.start(vm, call.get("hostid"));
              }
              return shown(call, vm);
            });
    answer.put("id", vm.id());
    return answer;
  }

  /** Admin guide, "Import Instances from Shared Storage". */
  private Map<String, Object> importVm(Call call) {
    cloud.zones.require(call.command(), "zoneid", call.require("zoneid"));
    cloud.clusters.require(call.command(), "clusterid", call.require("clusterid"));
    Row pool = cloud.pools.require(call.command(), "storageid", call.require("storageid"));
    if (!call.require("hypervisor").equalsIgnoreCase("kvm")
        || !call.require("importsource").equals("shared")) {
      throw new LabError(LabError.PARAMETER, "this lab imports for KVM from shared storage only");
    }
    if (!pool.is("type", "NetworkFilesystem")) {
      throw new LabError(LabError.INTERNAL, "Unsupported Storage Pool");
    }
    call.optional("networkid")
        .ifPresent(id -> cloud.networks.require(call.command(), "networkid", id));
    long size = volumes.requireImportable(call.require("diskpath"));
    Row vm = machines.allocate(call, call.optional("hostname").orElse(call.require("name")));
    if (version.has(IMPORTS_MAC) && call.optional("macaddress").isPresent()) {
      vm.rows("nic").forEach(nic -> nic.with("macaddress", call.get("macaddress")));
    }
    Row root = volumes.add(call, "ROOT-" + vm.id(), "ROOT", call.get("diskpath"), size);
    volumes.attach(root, vm, 0);
    return shown(call, vm);
  }

  private void start(Call call, Row vm) {
    machines.start(vm, call.get("hostid"));
  }

  private void destroy(Call call, Row vm) {
    boolean expunge = call.flag("expunge");
    if (expunge && !call.admin()) {
      throw new LabError(
          LabError.ACCOUNT,
          "Parameter expunge can be passed by Admin only. Or when the allow.user.expunge.recover.vm key is set.");
    }
    machines.destroy(vm, expunge);
  }

  private Map<String, Object> migrate(Call call) {
    Row vm =
        cloud.vms.require(call.command(), "virtualmachineid", call.require("virtualmachineid"));
    machines.move(vm, cloud.hosts.require(call.command(), "hostid", call.require("hostid")));
    return shown(call, vm);
  }

  private Map<String, Object> update(Call call) {
    Row vm = cloud.vms.require(call.command(), "id", call.require("id"));
    call.optional("displayname").ifPresent(name -> vm.with("displayname", name));
    return shown(call, vm);
  }

  private Map<String, Object> addNic(Call call) {
    Row vm =
        cloud.vms.require(call.command(), "virtualmachineid", call.require("virtualmachineid"));
    Row network = cloud.networks.require(call.command(), "networkid", call.require("networkid"));
    machines.addNic(vm, network, call.get("macaddress"));
    return shown(call, vm);
  }

  private Map<String, Object> createVolume(Call call) {
    Row offering =
        cloud.diskOfferings.require(
            call.command(), "diskofferingid", call.require("diskofferingid"));
    long gigabytes =
        offering.is("iscustomized", true)
            ? Long.parseLong(call.require("size"))
            : offering.number("disksize");
    String path = UUID.randomUUID().toString();
    Row volume = volumes.add(call, call.require("name"), "DATADISK", path, gigabytes << 30);
    volumes.create(path, gigabytes << 30);
    return volume(call, volume);
  }

  private static Map<String, Object> volume(Call call, Row volume) {
    return Commands.object("volume", Cloud.shown(call, volume));
  }

  private Map<String, Object> importVolume(Call call) {
    cloud.pools.require(call.command(), "storageid", call.require("storageid"));
    String path = call.require("path");
    long size = volumes.requireImportable(path);
    return volume(
        call, volumes.add(call, call.optional("name").orElse(path), "DATADISK", path, size));
  }

  private Map<String, Object> unmanage(Call call) {
    Row volume = cloud.volumes.require(call.command(), "id", call.require("id"));
    if (volume.has("virtualmachineid")) {
      throw new LabError(LabError.INTERNAL, "Volume is attached to a VM: " + volume.id());
    }
    cloud.volumes.remove(volume);
    return Map.of("success", true);
  }

  private Map<String, Object> attach(Call call) {
    Row volume = cloud.volumes.require(call.command(), "id", call.require("id"));
    Row vm =
        cloud.vms.require(call.command(), "virtualmachineid", call.require("virtualmachineid"));
    if (volume.has("virtualmachineid")) {
      throw new LabError(
          LabError.PARAMETER, "Volume " + volume.text("name") + " is already attached to a VM");
    }
    if (!vm.is("state", "Stopped")) {
      throw new LabError(LabError.INTERNAL, "this lab attaches volumes only to stopped machines");
    }
    if (volume.is("state", "Uploaded")) {
      volume.with("_from", uploads.file(volume));
    }
    volumes.attach(
        volume, vm, call.optional("deviceid").map(Long::parseLong).orElseGet(() -> freeDevice(vm)));
    return volume(call, volume);
  }

  /** The API reference of attachVolume leaves 3 to the CD drive. */
  private long freeDevice(Row vm) {
    long device = 0;
    while (device == 3 || taken(vm, device)) {
      device++;
    }
    return device;
  }

  private boolean taken(Row vm, long device) {
    return machines.volumesOf(vm).stream().anyMatch(v -> v.number("deviceid") == device);
  }

  private Map<String, Object> detach(Call call) {
    Row volume = cloud.volumes.require(call.command(), "id", call.require("id"));
    volumes.detach(volume);
    return volume(call, volume);
  }

  private Map<String, Object> deleteVolume(Call call) {
    Row volume = cloud.volumes.require(call.command(), "id", call.require("id"));
    if (volume.has("virtualmachineid")) {
      throw new LabError(
          LabError.PARAMETER, "Please specify a volume that is not attached to any VM.");
    }
    uploads.forget(volume);
    volumes.delete(volume);
    return Commands.object("success", true);
  }

  private Map<String, Object> deleteTemplate(Call call) {
    Row template = cloud.templates.require(call.command(), "id", call.require("id"));
    uploads.forget(template);
    cloud.templates.remove(template);
    return Commands.object("success", true);
  }

  private Map<String, Object> deleteSnapshot(Call call) {
    cloud.vmSnapshots.remove(
        cloud.vmSnapshots.require(call.command(), "vmsnapshotid", call.require("vmsnapshotid")));
    return Commands.object("success", true);
  }
}
