package io.sendense.lab.cloudstack;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The commands that show what there is. */
final class ListCommands {
  private final Cloud cloud;
  private final Volumes volumes;
  private final String version;

  ListCommands(Cloud cloud, Volumes volumes, String version) {
    this.cloud = cloud;
    this.volumes = volumes;
    this.version = version;
  }

  void register(Commands to) {
    to.add("listCapabilities", call -> capabilities());
    to.add("listZones", call -> cloud.list(call, "zone", cloud.zones, by(call, "name")));
    to.admin(
        "listClusters", call -> cloud.list(call, "cluster", cloud.clusters, ListCommands::any));
    to.admin("listHosts", call -> cloud.list(call, "host", cloud.hosts, by(call, "name", "type")));
    to.admin(
        "listStoragePools",
        call -> cloud.list(call, "storagepool", cloud.pools, by(call, "name", "zoneid")));
    to.add("listDomains", call -> cloud.list(call, "domain", cloud.domains, by(call, "name")));
    to.add(
        "listAccounts",
        call -> cloud.list(call, "account", limits(cloud.accounts), ListCommands::any));
    to.add(
        "listProjects",
        call -> cloud.list(call, "project", limits(cloud.projects), ListCommands::any));
    to.add(
        "listServiceOfferings",
        call -> cloud.list(call, "serviceoffering", cloud.serviceOfferings, by(call, "name")));
    to.add(
        "listDiskOfferings",
        call -> cloud.list(call, "diskoffering", cloud.diskOfferings, by(call, "name")));
    to.add("listNetworks", call -> cloud.list(call, "network", cloud.networks, ListCommands::any));
    to.add("listOsTypes", call -> cloud.list(call, "ostype", cloud.osTypes, ListCommands::any));
    to.add(
        "listTemplates", call -> cloud.list(call, "template", cloud.templates, by(call, "name")));
    to.add("listVirtualMachines", this::machines);
    to.add(
        "listVolumes",
        call ->
            cloud.list(
                call, "volume", cloud.volumes, by(call, "name", "virtualmachineid", "type")));
    to.add(
        "listVMSnapshot",
        call -> cloud.list(call, "vmSnapshot", cloud.vmSnapshots, by(call, "virtualmachineid")));
    to.add("listVolumesForImport", new LabVersion(4, 19, 1), true, this::forImport);
  }

  private Map<String, Object> capabilities() {
    Map<String, Object> capability = new LinkedHashMap<>();
    capability.put("cloudstackversion", version);
    capability.put("securitygroupsenabled", false);
    capability.put("customdiskofferingmaxsize", 1024);
    capability.put("customdiskofferingminsize", 1);
    return Commands.object("capability", capability);
  }

  private static boolean any(Row row) {
    return row.has("id");
  }

  private static Predicate<Row> by(Call call, String... names) {
    return row -> {
      for (String name : names) {
        if (!call.get(name).isEmpty() && !row.text(name).equals(call.get(name))) {
          return false;
        }
      }
      return true;
    };
  }

  /** The name finds what holds it, as in the vendor's queries. */
  private Map<String, Object> machines(Call call) {
    return cloud.list(
        call,
        "virtualmachine",
        cloud.vms,
        row ->
            row.text("name").contains(call.get("name"))
                && (call.get("state").isEmpty() || row.is("state", call.get("state"))));
  }

  private Map<String, Object> forImport(Call call) {
    cloud.pools.require(call.command(), "storageid", call.require("storageid"));
    var found = volumes.unmanaged(call.get("path"));
    Map<String, Object> answer = new LinkedHashMap<>();
    if (!found.isEmpty()) {
      answer.put("count", found.size());
      answer.put("volumeforimport", found);
    }
    return answer;
  }

  private Table limits(Table owners) {
    for (Row owner : owners.all()) {
      limit(owner, "vm", cloud.vms);
      limit(owner, "volume", cloud.volumes);
      owner.with("primarystorageavailable", "Unlimited");
    }
    return owners;
  }

  private void limit(Row owner, String kind, Table of) {
    long limit = owner.number("_" + kind + "limit");
    long used = of.where(row -> cloud.owns(owner, row)).size();
    owner
        .with(kind + "limit", limit < 0 ? "Unlimited" : Long.toString(limit))
        .with(kind + "total", used)
        .with(kind + "available", limit < 0 ? "Unlimited" : Long.toString(limit - used));
  }
}
