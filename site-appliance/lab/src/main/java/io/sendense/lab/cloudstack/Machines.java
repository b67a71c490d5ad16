package io.sendense.lab.cloudstack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Making, starting, stopping and removing machines. Called with the cloud's lock held. */
final class Machines {
  private final Cloud cloud;
  private final Map<String, KvmHost> kvm = new TreeMap<>();
  private final Volumes volumes;

  Machines(Cloud cloud, Volumes volumes) {
    this.cloud = cloud;
    this.volumes = volumes;
  }

  void addHost(Row host, KvmHost driver) {
    kvm.put(host.id(), driver);
  }

  /** A machine without disks, off. */
  Row allocate(Call call, String name) {
    Row owner = cloud.owner(call);
    Row offering =
        cloud.serviceOfferings.require(
            call.command(), "serviceofferingid", call.require("serviceofferingid"));
    cloud.requireRoom(owner, "vm", cloud.vms, 1);
    if (!name.matches("[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")) {
      throw new LabError(
          LabError.PARAMETER,
          "Invalid name. Vm name can contain ASCII letters 'a' through 'z', the digits '0' through '9', and the hyphen ('-'), must be between 1 and 63 characters long, and can't start or end with \"-\" and can't start with digit");
    }
    if (!cloud.vms.where(vm -> vm.is("name", name) && !vm.is("state", "Expunged")).isEmpty()) {
      throw new LabError(
          LabError.PARAMETER, "The vm with hostName " + name + " already exists in the network");
    }
    boolean custom = offering.is("iscustomized", true);
    Row vm =
        Cloud.row(name)
            .with("displayname", call.optional("displayname").orElse(name))
            .with("state", "Stopped")
            .with("haenable", false)
            .with("zoneid", cloud.zone().id())
            .with("zonename", cloud.zone().text("name"))
            .with("hypervisor", "KVM")
            .with("serviceofferingid", offering.id())
            .with("serviceofferingname", offering.text("name"))
            .with("cpunumber", custom ? detail(call, "cpuNumber") : offering.number("cpunumber"))
            .with("cpuspeed", custom ? detail(call, "cpuSpeed") : offering.number("cpuspeed"))
            .with("memory", custom ? detail(call, "memory") : offering.number("memory"))
            .with("rootdeviceid", 0)
            .with("nic", new ArrayList<Row>());
    String instance = "i-2-" + cloud.nextInstance() + "-VM";
    vm.with("instancename", instance).with("_instance", instance);
    Cloud.own(vm, owner);
    call.optional("networkids")
        .or(() -> call.optional("networkid"))
        .ifPresent(
            ids -> {
              for (String id : ids.split(",")) {
                addNic(vm, cloud.networks.require(call.command(), "networkid", id), "");
              }
            });
    return cloud.vms.add(vm);
  }

  private static long detail(Call call, String name) {
    String key = "details[0]." + name.toLowerCase(java.util.Locale.ROOT);
    return Long.parseLong(call.require(key));
  }

  void addNic(Row vm, Row network, String mac) {
    List<Row> nics = new ArrayList<>(vm.rows("nic"));
    nics.add(
        new Row()
            .with("id", java.util.UUID.randomUUID().toString())
            .with("networkid", network.id())
            .with("networkname", network.text("name"))
            .with("macaddress", mac.isEmpty() ? cloud.nextMac() : mac)
            .with("traffictype", "Guest")
            .with("type", network.text("type"))
            .with("isdefault", nics.isEmpty()));
    vm.with("nic", nics);
  }

  List<Row> volumesOf(Row vm) {
    return cloud.volumes.where(volume -> volume.is("virtualmachineid", vm.id())).stream()
        .sorted(Comparator.comparingLong(volume -> volume.number("deviceid")))
        .toList();
  }

  void start(Row vm, String wantedHost) {
    if (!vm.is("state", "Stopped")) {
      throw new LabError(
          LabError.INTERNAL,
          "Unable to start " + vm.text("name") + " in state " + vm.text("state"));
    }
    Row host =
        cloud.hosts.all().stream()
            .filter(each -> wantedHost.isEmpty() || each.is("id", wantedHost))
            .filter(each -> each.is("state", "Up"))
            .findFirst()
            .orElseThrow(
                () ->
                    new LabError(
                        LabError.CAPACITY,
                        "Unable to create a deployment for VM instance " + vm.id()));
    volumesOf(vm).forEach(volumes::materialise);
    driver(host.id()).start(vm, volumesOf(vm));
    vm.with("state", "Running").with("hostid", host.id()).with("hostname", host.text("name"));
  }

  void stop(Row vm) {
    if (vm.is("state", "Running")) {
      driver(vm.text("hostid")).stop(vm);
      vm.with("state", "Stopped").clear("hostid", "hostname");
    }
  }

  void destroy(Row vm, boolean expunge) {
    stop(vm);
    vm.with("state", "Destroyed");
    if (expunge) {
      for (Row volume : volumesOf(vm)) {
        volumes.detach(volume);
        if (volume.is("type", "ROOT")) {
          volumes.delete(volume);
        }
      }
      cloud.vms.remove(vm);
    }
  }

  /** Off here, on there: what live migration does for all but the guest. */
  void move(Row vm, Row host) {
    stop(vm);
    start(vm, host.id());
  }

  Path console(Row vm) {
    return driver(vm.text("hostid")).console(vm);
  }

  private KvmHost driver(String host) {
    KvmHost driver = kvm.get(host);
    if (driver == null) {
      throw new LabError(LabError.INTERNAL, "there is no host " + host);
    }
    return driver;
  }

  void stopAll() {
    cloud.vms.all().forEach(this::stop);
  }
}
