package io.sendense.lab.cloudstack;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** What is done to a cloud behind its API, as its administrators and its bad days do. */
public final class LabCommandsOfTests {
  private final Cloud cloud;
  private final Machines machines;
  private final Volumes volumes;

  LabCommandsOfTests(Cloud cloud, Machines machines, Volumes volumes) {
    this.cloud = cloud;
    this.machines = machines;
    this.volumes = volumes;
  }

  /**
   * A machine of images that lie in the pool already.
   *
   * @param images names of files in the pool, the one to boot from first
   * @return its id
   */
  public String addMachine(String name, String offering, List<String> images) {
    synchronized (cloud) {
      TreeMap<String, String> parameters = new TreeMap<>();
      parameters.put("serviceofferingid", id(cloud.serviceOfferings, offering));
      parameters.put("networkid", cloud.networks.all().iterator().next().id());
      Row admin = cloud.accounts.where(each -> each.is("name", "admin")).getFirst();
      Call call = new Call("deployVirtualMachine", parameters, admin);
      Row vm = machines.allocate(call, name);
      for (int i = 0; i < images.size(); i++) {
        long size = volumes.requireImportable(images.get(i));
        String type = i == 0 ? "ROOT" : "DATADISK";
        Row volume = volumes.add(call, type + "-" + vm.id(), type, images.get(i), size);
        volumes.attach(volume, vm, i);
      }
      return vm.id();
    }
  }

  private static String id(Table table, String name) {
    return table.where(row -> row.is("name", name)).getFirst().id();
  }

  public void start(String vm) {
    synchronized (cloud) {
      machines.start(machine(vm), "");
    }
  }

  public void stop(String vm) {
    synchronized (cloud) {
      machines.stop(machine(vm));
    }
  }

  /** Off on its host, on at another. */
  public void move(String vm, String host) {
    synchronized (cloud) {
      machines.move(machine(vm), cloud.hosts.where(h -> h.is("name", host)).getFirst());
    }
  }

  public void expunge(String vm) {
    synchronized (cloud) {
      machines.destroy(machine(vm), true);
    }
  }

  /** What CloudStack does by itself some time after a machine was destroyed. */
  public void expungeDestroyed() {
    synchronized (cloud) {
      cloud.vms.where(vm -> vm.is("state", "Destroyed")).forEach(vm -> machines.destroy(vm, true));
    }
  }

  /** What a machine that runs writes to its serial port. */
  public Path console(String vm) {
    synchronized (cloud) {
      return machines.console(machine(vm));
    }
  }

  /** The name of its domain on its host. */
  public String instanceName(String vm) {
    synchronized (cloud) {
      return machine(vm).text("instancename");
    }
  }

  /** Leaves a snapshot of a machine behind, as a failed run of some backup does. */
  public void leaveSnapshot(String vm, String name) {
    synchronized (cloud) {
      cloud.vmSnapshots.add(
          Cloud.row(name).with("virtualmachineid", vm).with("state", "Ready").with("type", "Disk"));
    }
  }

  /** At most so many of "vm" or "volume" for an account. */
  public void limit(String account, String kind, int most) {
    synchronized (cloud) {
      cloud.accounts.where(a -> a.is("name", account)).getFirst().with("_" + kind + "limit", most);
    }
  }

  public void setPoolState(String state) {
    synchronized (cloud) {
      cloud.pool().with("state", state);
    }
  }

  /** Names of all machines and volumes and templates, for what a test compares. */
  public List<String> everything() {
    synchronized (cloud) {
      return java.util.stream.Stream.of(cloud.vms, cloud.volumes, cloud.templates)
          .flatMap(table -> table.all().stream())
          .map(row -> row.text("name") + " " + row.text("state"))
          .sorted()
          .toList();
    }
  }

  private Row machine(String vm) {
    return cloud.vms.require("test", "id", vm);
  }
}
