package io.sendense.connectors.cloudstack;

import io.sendense.connectors.disk.DiskTarget;
import io.sendense.connectors.libvirt.LibvirtSource;
import io.sendense.connectors.libvirt.LibvirtSourceOptions;
import io.sendense.connectors.libvirt.LibvirtUri;
import io.sendense.connectors.spi.OwnerRecords;
import io.sendense.connectors.spi.SourceConnector;
import io.sendense.lab.cloudstack.LabCloudStack;
import io.sendense.lab.cloudstack.LabHost;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The lab over one or two real hosts, and how the appliance reaches each. */
final class LabSite implements AutoCloseable {
  static final Duration DEADLINE = Duration.ofSeconds(30);

  final LabCloudStack lab;
  private final Map<String, LibvirtServer> hosts = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom(5);
  private final List<CloudStackClient> clients = new ArrayList<>();
  private int images;

  LabSite(String version, int hostCount) {
    List<LabHost> all = new ArrayList<>();
    for (int i = 1; i <= hostCount; i++) {
      LibvirtServer libvirt = LibvirtServer.start();
      hosts.put("kvm" + i, libvirt);
      all.add(new LabHost("kvm" + i, libvirt));
    }
    lab = LabCloudStack.start(version, all, InstantSource.system(), random, 0);
  }

  CloudStackClient client() {
    return client(lab.adminKeys(), DEADLINE);
  }

  CloudStackClient client(LabCloudStack.Keys keys, Duration jobs) {
    CloudStackClient client =
        new CloudStackClient(
            new CloudStackOptions(URI.create(lab.url()), Optional.empty(), DEADLINE, jobs, 3),
            new ApiKeys(keys.apiKey(), keys.secretKey()),
            InstantSource.system());
    clients.add(client);
    return client;
  }

  LibvirtServer host(String name) {
    LibvirtServer host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException(name);
    }
    return host;
  }

  Path scratch(String host) {
    Path scratch = host(host).folder().resolve("scratch");
    try {
      Files.createDirectories(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    host(host).own(scratch);
    return scratch;
  }

  /** As the app gives it. */
  KvmHosts kvmHosts() {
    return new KvmHosts() {
      @Override
      public SourceConnector source(KvmHost host, String domain, OwnerRecords records) {
        LibvirtSourceOptions options =
            LibvirtSourceOptions.of(
                    LibvirtUri.parse(host(host.name()).uri()), domain, scratch(host.name()), "test")
                .withScratchFloorBytes(1 << 20);
        return new LibvirtSource(options, records, InstantSource.system(), random);
      }
    };
  }

  CloudStackSource source(String vm, OwnerRecords records) {
    return new CloudStackSource(client(), CloudStackScope.OF_THE_KEYS, vm, kvmHosts(), records);
  }

  /** An image of zeros in the pool. */
  String image(long bytes) {
    String name = "image" + ++images + ".qcow2";
    ChildProcess.run(
            DEADLINE,
            Peers.require("qemu-img").toString(),
            "create",
            "-q",
            "-f",
            "qcow2",
            lab.pool().resolve(name).toString(),
            Long.toString(bytes))
        .orFail();
    return name;
  }

  CloudStackTarget target(
      CloudStackClient client, CloudStackScope scope, boolean byImport, OwnerRecords records) {
    Path folder = byImport ? lab.pool() : lab.secondary().resolveSibling("w");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int number = ++images;
    CloudStackPlace.Images where =
        new CloudStackPlace.Images(
            disk -> folder.resolve("sendense-" + number + "-" + disk + ".qcow2"));
    CloudStackPlace place =
        new CloudStackPlace(
            Optional.empty(),
            Optional.empty(),
            byImport
                ? Optional.of(new CloudStackPlace.Pool("primary1", lab.pool()))
                : Optional.empty(),
            where);
    DiskTarget disks =
        new DiskTarget(
            where.file(),
            DiskTarget.Format.QCOW2,
            false,
            records,
            new SecureRandom(),
            InstantSource.system());
    return new CloudStackTarget(client, scope, place, disks, records);
  }

  @Override
  public void close() {
    clients.forEach(CloudStackClient::close);
    lab.close();
    hosts.values().forEach(LibvirtServer::close);
  }
}
