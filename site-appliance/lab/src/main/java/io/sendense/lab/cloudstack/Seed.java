package io.sendense.lab.cloudstack;

import java.nio.file.Path;

/** What a new lab begins with. */
final class Seed {
  private final Cloud cloud;

  Seed(Cloud cloud) {
    this.cloud = cloud;
  }

  void fill(Path pool) {
    Row zone =
        cloud.zones.add(
            Cloud.row("zone1").with("networktype", "Advanced").with("allocationstate", "Enabled"));
    Row cluster = cloud.clusters.add(Cloud.row("cluster1").with("hypervisortype", "KVM"));
    cloud.pools.add(
        Cloud.row("primary1")
            .with("type", "NetworkFilesystem")
            .with("state", "Up")
            .with("scope", "CLUSTER")
            .with("hypervisor", "KVM")
            .with("path", pool.toString())
            .with("clusterid", cluster.id())
            .with("clustername", "cluster1")
            .with("zoneid", zone.id())
            .with("zonename", "zone1"));
    Row root = cloud.domains.add(Cloud.row("ROOT").with("path", "ROOT").with("level", 0));
    Row dev = cloud.domains.add(Cloud.row("dev").with("path", "ROOT/dev").with("level", 1));
    account("admin", 1, root);
    account("dora", 2, dev);
    account("uma", 0, dev);
    cloud.projects.add(
        Cloud.row("uma-project")
            .with("_project", true)
            .with("_vmlimit", -1)
            .with("_volumelimit", -1)
            .with("domainid", dev.id())
            .with("domain", "ROOT/dev"));
    offering("tiny", 1, 64);
    offering("small", 1, 512);
    offering("medium", 2, 1024);
    cloud.serviceOfferings.add(Cloud.row("custom").with("iscustomized", true));
    cloud.diskOfferings.add(Cloud.row("custom disk").with("iscustomized", true));
    cloud.diskOfferings.add(
        Cloud.row("one gigabyte").with("iscustomized", false).with("disksize", 1L));
    network("guest-net", "Isolated");
    network("backend-net", "Shared");
    cloud.osTypes.add(
        new Row()
            .with("id", java.util.UUID.randomUUID() + "")
            .with("description", "Other (64-bit)"));
  }

  private void account(String name, int type, Row domain) {
    cloud.accounts.add(
        Cloud.row(name)
            .with("accounttype", type)
            .with("_vmlimit", -1)
            .with("_volumelimit", -1)
            .with("account", name)
            .with("domainid", domain.id())
            .with("domain", domain.text("path")));
  }

  private void offering(String name, long processors, long megabytes) {
    cloud.serviceOfferings.add(
        Cloud.row(name)
            .with("cpunumber", processors)
            .with("cpuspeed", 1000L)
            .with("memory", megabytes)
            .with("iscustomized", false)
            .with("storagetype", "shared"));
  }

  private void network(String name, String type) {
    cloud.networks.add(
        Cloud.row(name)
            .with("type", type)
            .with("state", "Implemented")
            .with("zoneid", cloud.zone().id())
            .with("traffictype", "Guest"));
  }

  Row addHost(String name) {
    return cloud.hosts.add(
        Cloud.row(name)
            .with("type", "Routing")
            .with("state", "Up")
            .with("resourcestate", "Enabled")
            .with("hypervisor", "KVM")
            .with("ipaddress", "127.0.0.1")
            .with("zoneid", cloud.zone().id())
            .with("clusterid", cloud.clusters.all().iterator().next().id()));
  }
}
