package io.sendense.lab.cloudstack;

import io.sendense.lab.guest.BootSectorGuest;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.libvirt.LibvirtServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** {@code ./sendense lab cloudstack}: a lab with a machine in it, until it is interrupted. */
public final class LabMain {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int MAX_HOSTS = 4;

  private LabMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    String version = "4.22.1.0";
    int hostCount = 1;
    Iterator<String> given = Arrays.asList(arguments).iterator();
    while (given.hasNext()) {
      String option = given.next();
      if (!given.hasNext() || !(option.equals("--version") || option.equals("--hosts"))) {
        System.err.println("lab cloudstack knows --version V and --hosts N");
        System.exit(2);
      }
      String value = given.next();
      if (option.equals("--version")) {
        version = value;
      } else {
        hostCount = Math.clamp(Long.parseLong(value), 1, MAX_HOSTS);
      }
    }
    List<LibvirtServer> servers = new ArrayList<>();
    List<LabHost> hosts = new ArrayList<>();
    for (int i = 1; i <= hostCount; i++) {
      LibvirtServer server = LibvirtServer.start();
      servers.add(server);
      hosts.add(new LabHost("kvm" + i, server));
    }
    LabCloudStack lab =
        LabCloudStack.start(version, hosts, InstantSource.system(), new SecureRandom(), 0);
    CountDownLatch interrupted = new CountDownLatch(1);
    Thread end =
        new Thread(
            () -> {
              interrupted.countDown();
              // Libvirt's daemons may be gone by now, so machines are ended by their servers.
              try {
                servers.forEach(LibvirtServer::close);
              } finally {
                lab.closeAfterItsHosts();
              }
            },
            "end-lab");
    Runtime.getRuntime().addShutdownHook(end);
    describe(version, lab, servers);
    interrupted.await();
  }

  private static void describe(String version, LabCloudStack lab, List<LibvirtServer> servers)
      throws IOException {
    Path keys = lab.pool().resolveSibling("admin.keys");
    LabCloudStack.Keys admin = lab.adminKeys();
    Files.createFile(
        keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(keys, admin.apiKey() + "\n" + admin.secretKey() + "\n");
    machine(lab);
    System.out.println("CloudStack " + version + " of the lab");
    System.out.println("  --url " + lab.url());
    System.out.println("  --api-keys " + keys);
    System.out.println("  --pool primary1 --pool-folder " + lab.pool());
    for (int i = 0; i < servers.size(); i++) {
      Path scratch = servers.get(i).folder().resolve("scratch");
      Files.createDirectories(scratch);
      servers.get(i).own(scratch);
      System.out.println(
          "  --host 'kvm" + (i + 1) + "=" + servers.get(i).uri() + "' --scratch " + scratch);
    }
    System.out.println("  machine orders runs; Ctrl-C ends and removes everything");
  }

  private static void machine(LabCloudStack lab) throws IOException {
    Path raw = Files.createTempFile("lab", ".raw");
    BootSectorGuest.write(raw, 8 << 20);
    String qemuImg = Peers.require("qemu-img").toString();
    String root = lab.pool().resolve("orders-root").toString();
    String data = lab.pool().resolve("orders-data").toString();
    ChildProcess.run(DEADLINE, qemuImg, "convert", "-f", "raw", "-O", "qcow2", raw.toString(), root)
        .orFail();
    ChildProcess.run(DEADLINE, qemuImg, "create", "-q", "-f", "qcow2", data, "8M").orFail();
    Files.delete(raw);
    lab.inside()
        .start(lab.inside().addMachine("orders", "tiny", List.of("orders-root", "orders-data")));
  }
}
