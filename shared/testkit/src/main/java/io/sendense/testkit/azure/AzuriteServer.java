package io.sendense.testkit.azure;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Peers;
import io.sendense.testkit.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Microsoft's emulator of the Blob service, from npm, installed once into the cache of this tree.
 */
public final class AzuriteServer implements AutoCloseable {
  public static final String ACCOUNT = "devstoreaccount1";

  /** Published by Microsoft as the emulator's only key. */
  public static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private static final String VERSION = "3.37.0";
  private static final Duration INSTALL = Duration.ofMinutes(5);
  private static final Duration START = Duration.ofMinutes(2);

  private final ChildProcess process;
  private final URI endpoint;

  private AzuriteServer(ChildProcess process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts one with nothing in it. */
  public static AzuriteServer start() {
    Path node = Peers.require("node");
    Path main = installed().resolve("node_modules/azurite/dist/src/blob/main.js");
    int port = Ports.claim(0, "Azurite");
    ChildProcess process =
        ChildProcess.start(
            List.of(
                node.toString(),
                main.toString(),
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                String.valueOf(port),
                "--inMemoryPersistence",
                "--skipApiVersionCheck",
                "--disableTelemetry"));
    try {
      process.awaitPort(port, START);
      return new AzuriteServer(process, URI.create("http://127.0.0.1:" + port + "/" + ACCOUNT));
    } catch (AssertionError e) {
      process.close();
      throw e;
    }
  }

  public URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    process.close();
  }

  private static Path installed() {
    Path folder = cache().resolve("azurite-" + VERSION);
    if (Files.exists(folder.resolve("node_modules/azurite/dist/src/blob/main.js"))) {
      return folder;
    }
    Path npm = Peers.require("npm");
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> command =
        List.of(
            npm.toString(),
            "install",
            "--no-audit",
            "--no-fund",
            "--prefix",
            folder.toString(),
            "azurite@" + VERSION);
    try (ChildProcess install = ChildProcess.start(command, Map.of(), Optional.of(folder))) {
      int exit = install.awaitExit(INSTALL);
      new ChildProcess.Result(exit, install.stdout(), install.stderr()).orFail();
    }
    return folder;
  }

  private static Path cache() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("docs/map.md"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("not in the source tree");
      }
      folder = parent;
    }
    return folder.resolve(".sendense/cache");
  }
}
