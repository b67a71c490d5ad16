package io.sendense.connectors.cloudstack;

import io.sendense.connectors.spi.Blocker;
import io.sendense.connectors.spi.Machine;
import io.sendense.connectors.spi.MachinePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a cloud a machine is made of: looked up once, with a blocker for everything that does not
 * fit.
 */
final class Site {
  private static final long MEBIBYTE = 1 << 20;
  private static final long GIBIBYTE = 1 << 30;

  private final CloudStackClient client;
  private final CloudStackScope scope;
  private final List<Blocker> blockers = new ArrayList<>();

  Site(CloudStackClient client, CloudStackScope scope) {
    this.client = client;
    this.scope = scope;
  }

  List<Blocker> blockers() {
    return List.copyOf(blockers);
  }

  void block(Blocker.Kind kind, String what, String remedy) {
    blockers.add(new Blocker(kind, what, remedy));
  }

  private static Optional<Answer> called(List<Answer> all, String wanted) {
    return all.stream()
        .filter(each -> each.text("id").equals(wanted) || each.text("name").equals(wanted))
        .findFirst();
  }

  private static String names(List<Answer> all) {
    return all.isEmpty()
        ? "none"
        : String.join(", ", all.stream().limit(20).map(each -> each.text("name")).toList());
  }

  Optional<Answer> zone(Optional<String> wanted) {
    List<Answer> zones = client.all("listZones", Map.of(), "zone");
    Optional<Answer> found =
        wanted.isPresent()
            ? called(zones, wanted.get())
            : zones.stream().findFirst().filter(zone -> zones.size() == 1);
    if (found.isEmpty()) {
      block(
          Blocker.Kind.PLATFORM,
          wanted.map(name -> "there is no zone " + name).orElse("there is more than one zone"),
          "Give --zone with one of: " + names(zones));
    }
    return found;
  }

  /** The offering asked for, or the smallest that has what the machine has. */
  Optional<Answer> offering(Optional<String> wanted, Machine.Hardware hardware) {
    List<Answer> all = client.all("listServiceOfferings", scope.listed(), "serviceoffering");
    Optional<Answer> found =
        wanted.isPresent()
            ? called(all, wanted.get())
            : all.stream()
                .filter(each -> !each.isTrue("iscustomized") && fits(each, hardware))
                .min(
                    Comparator.<Answer>comparingLong(each -> each.number("memory"))
                        .thenComparingLong(each -> each.number("cpunumber")))
                .or(() -> all.stream().filter(each -> each.isTrue("iscustomized")).findFirst());
    if (found.isEmpty()) {
      block(
          Blocker.Kind.PROCESSORS,
          wanted
              .map(name -> "there is no offering " + name)
              .orElse(
                  "no offering has "
                      + hardware.processors()
                      + " processors and "
                      + megabytes(hardware)
                      + " MiB of memory"),
          "Give --offering with one of: " + names(all));
    }
    return found;
  }

  private static boolean fits(Answer offering, Machine.Hardware hardware) {
    return offering.number("cpunumber") >= hardware.processors()
        && offering.number("memory") >= megabytes(hardware);
  }

  private static long megabytes(Machine.Hardware hardware) {
    return (hardware.memoryBytes() + MEBIBYTE - 1) / MEBIBYTE;
  }

  /** What a customised offering is told besides its id. */
  static Map<String, String> sizes(Answer offering, Machine.Hardware hardware) {
    Map<String, String> sizes = new LinkedHashMap<>();
    sizes.put("serviceofferingid", offering.required("id"));
    if (offering.isTrue("iscustomized")) {
      sizes.put("details[0].cpuNumber", Integer.toString(hardware.processors()));
      sizes.put("details[0].memory", Long.toString(megabytes(hardware)));
      if (offering.number("cpuspeed") == 0) {
        sizes.put("details[0].cpuSpeed", "1000");
      }
    }
    return sizes;
  }

  /** The networks of the plan's cards, in their order. */
  List<String> networks(MachinePlan plan, Answer zone) {
    Map<String, String> asked = new LinkedHashMap<>(scope.listed());
    asked.put("zoneid", zone.required("id"));
    List<Answer> all = client.all("listNetworks", asked, "network");
    List<String> ids = new ArrayList<>();
    for (MachinePlan.Nic nic : plan.nics()) {
      Optional<Answer> found = called(all, nic.network());
      found.ifPresent(network -> ids.add(network.required("id")));
      if (found.isEmpty()) {
        block(
            Blocker.Kind.NETWORK,
            "there is no network " + nic.network(),
            "Map it with --network "
                + nic.network()
                + "=OTHER, where OTHER is one of: "
                + names(all));
      }
    }
    return ids;
  }

  /** The pool, if it is one that an image is imported from. */
  Optional<Answer> pool(String wanted) {
    List<Answer> all = client.all("listStoragePools", Map.of(), "storagepool");
    Optional<Answer> found = called(all, wanted);
    if (found.isEmpty()) {
      block(
          Blocker.Kind.SPACE,
          "there is no storage pool " + wanted,
          "Give --pool with one of: " + names(all));
      return found;
    }
    Answer pool = found.get();
    if (!pool.text("state").equals("Up")) {
      block(
          Blocker.Kind.SPACE,
          "storage pool " + wanted + " is " + pool.text("state") + ", not Up",
          "Wait until it is, or use another.");
    }
    if (!pool.text("type").equals("NetworkFilesystem")) {
      block(
          Blocker.Kind.SPACE,
          "storage pool " + wanted + " is of the type " + pool.text("type"),
          "Machines are imported only from NFS; leave --pool away to upload.");
    }
    return found;
  }

  /** The cluster that importVm has to be told: the pool's own, or any of its zone. */
  Optional<String> cluster(Answer pool) {
    if (!pool.text("clusterid").isEmpty()) {
      return Optional.of(pool.text("clusterid"));
    }
    Optional<String> any =
        client.all("listClusters", Map.of("zoneid", pool.text("zoneid")), "cluster").stream()
            .filter(cluster -> cluster.text("hypervisortype").equalsIgnoreCase("kvm"))
            .map(cluster -> cluster.required("id"))
            .findFirst();
    if (any.isEmpty()) {
      block(
          Blocker.Kind.PLATFORM,
          "the zone of storage pool " + pool.text("name") + " has no KVM cluster",
          "Use a pool of another zone.");
    }
    return any;
  }

  /** Limits of who is to own it, where the keys are shown them. */
  void room(MachinePlan plan) {
    Optional<Answer> owner =
        scope.projectId().isPresent()
            ? client.first("listProjects", Map.of("id", scope.projectId().get()), "project")
            : account();
    if (owner.isPresent()) {
      room(owner.get(), "vmavailable", 1, "machine");
      room(owner.get(), "volumeavailable", plan.disks().size(), "volumes");
      long bytes = plan.disks().stream().mapToLong(MachinePlan.Disk::sizeBytes).sum();
      room(owner.get(), "primarystorageavailable", -Math.floorDiv(-bytes, GIBIBYTE), "GiB");
    }
  }

  private Optional<Answer> account() {
    Map<String, String> asked = new LinkedHashMap<>();
    scope.account().ifPresent(name -> asked.put("name", name));
    scope.domainId().ifPresent(id -> asked.put("domainid", id));
    List<Answer> found = client.all("listAccounts", asked, "account");
    return found.size() == 1
        ? Optional.of(found.getFirst())
        : found.stream()
            .filter(each -> scope.account().filter(each.text("name")::equals).isPresent())
            .findFirst();
  }

  private void room(Answer owner, String field, long needed, String of) {
    String available = owner.text(field);
    if (available.matches("-?\\d{1,18}")
        && Long.parseLong(available) < needed
        && !available.equals("-1")) {
      block(
          Blocker.Kind.SPACE,
          owner.text("name")
              + " may have "
              + available
              + " more "
              + of
              + ", and "
              + needed
              + " are needed",
          "Raise its limits, or restore for another account or project.");
    }
  }
}
