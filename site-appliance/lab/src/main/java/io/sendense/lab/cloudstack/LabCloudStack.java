package io.sendense.lab.cloudstack;

import com.sun.net.httpserver.HttpServer;
import io.sendense.testkit.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/**
 * A management server on the loopback address, with one zone, its hosts and one pool, which is a
 * folder that all hosts reach. Closing stops its machines and removes the folder.
 */
public final class LabCloudStack implements AutoCloseable {
  private final Cloud cloud = new Cloud();
  private final LabFaults faults = new LabFaults();
  private final Map<String, String> secrets = new TreeMap<>();
  private final Map<String, Row> accountOfKey = new TreeMap<>();
  private final Path folder;
  private final Volumes volumes;
  private final Machines machines;
  private final Uploads uploads;
  private final Jobs jobs;
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RandomGenerator random;
  private final LabCommandsOfTests inside;

  private LabCloudStack(
      String version, List<LabHost> hosts, InstantSource clock, RandomGenerator random, int port)
      throws IOException {
    this.random = random;
    // Short, and open to the user that runs QEMU.
    folder = Files.createTempDirectory(Path.of("/tmp"), "cs");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(pool());
    Files.createDirectory(folder.resolve("s"));
    Files.setPosixFilePermissions(pool(), PosixFilePermissions.fromString("rwxrwxrwx"));
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.setExecutor(threads);
    volumes = new Volumes(cloud, pool());
    machines = new Machines(cloud, volumes);
    uploads = new Uploads(cloud, folder.resolve("s"), address());
    jobs = new Jobs(faults, cloud);
    new Seed(cloud).fill(pool());
    for (LabHost host : hosts) {
      machines.addHost(new Seed(cloud).addHost(host.name()), new KvmHost(host.libvirt(), pool()));
    }
    Commands commands = new Commands(LabVersion.of(version));
    new ListCommands(cloud, volumes, version).register(commands);
    new ChangeCommands(cloud, machines, volumes, uploads, jobs, LabVersion.of(version))
        .register(commands);
    Signatures signatures = new Signatures(key -> secrets.getOrDefault(key, ""), clock);
    Front front = new Front(cloud, commands, signatures, faults, this::account);
    http.createContext("/client/api", front::handle);
    http.createContext("/upload/", uploads::handle);
    http.start();
    inside = new LabCommandsOfTests(cloud, machines, volumes);
  }

  /**
   * @param version as {@code listCapabilities} tells it, such as {@code 4.19.1.0}
   * @param hosts one or more; each must be able to read and write what others may
   * @param port 0 for any
   */
  public static LabCloudStack start(
      String version, List<LabHost> hosts, InstantSource clock, RandomGenerator random, int port) {
    try {
      return new LabCloudStack(version, hosts, clock, random, port);
    } catch (IOException e) {
      throw new UncheckedIOException("the lab could not be started", e);
    }
  }

  /** The keys of a user. */
  public record Keys(String apiKey, String secretKey) {}

  /** New keys for the user of the root admin's account, whose name is {@code admin}. */
  public Keys adminKeys() {
    return keys("admin");
  }

  /**
   * New keys for the user of an account: {@code admin}; {@code dora}, admin of the domain ROOT/dev;
   * {@code uma}, a user in it.
   */
  public Keys keys(String account) {
    synchronized (cloud) {
      Row row = cloud.accounts.where(each -> each.is("name", account)).getFirst();
      Keys keys = new Keys(key(), key());
      secrets.put(keys.apiKey(), keys.secretKey());
      accountOfKey.put(keys.apiKey(), row);
      return keys;
    }
  }

  private String key() {
    String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < 86; i++) {
      key.append(letters.charAt(random.nextInt(letters.length())));
    }
    return key.toString();
  }

  private Row account(String key) {
    return Optional.ofNullable(accountOfKey.get(key))
        .orElseThrow(() -> new LabError(LabError.UNAUTHORIZED, Signatures.REFUSED));
  }

  private String address() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  public String url() {
    return address() + "/client/api";
  }

  /** The folder of its primary storage. */
  public Path pool() {
    return folder.resolve("p");
  }

  /** That of its secondary storage. */
  public Path secondary() {
    return folder.resolve("s");
  }

  public LabFaults faults() {
    return faults;
  }

  /** What is done to the cloud behind its API. */
  public LabCommandsOfTests inside() {
    return inside;
  }

  /** Jobs that begin from now on make no progress until {@link #releaseJobs}. */
  public void holdJobs() {
    jobs.hold();
  }

  public void releaseJobs() {
    jobs.release();
  }

  @Override
  public void close() {
    stopAnswering();
    try {
      synchronized (cloud) {
        machines.stopAll();
      }
    } finally {
      Folders.delete(folder);
    }
  }

  /** Ends where the hosts, and with them all machines, have ended before. */
  void closeAfterItsHosts() {
    stopAnswering();
    Folders.delete(folder);
  }

  private void stopAnswering() {
    http.stop(0);
    jobs.close();
    threads.shutdownNow();
  }
}
