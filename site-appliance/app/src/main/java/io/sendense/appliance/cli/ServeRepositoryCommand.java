package io.sendense.appliance.cli;

import io.sendense.repository.format.Sha256;
import io.sendense.repository.remote.RepositoryServer;
import io.sendense.repository.remote.RepositoryServerOptions;
import io.sendense.repository.remote.TlsIdentity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves directories of objects to other appliances until SIGINT or SIGTERM. */
@Command(
    name = "serve-repository",
    mixinStandardHelpOptions = true,
    description = {
      "Lets other appliances keep their repositories here, over TLS with client certificates, until",
      "SIGINT or SIGTERM. Needs no key of any repository. The one line on standard output is written",
      "when clients can connect."
    })
final class ServeRepositoryCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  boolean json;

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Where to listen; port 0 takes a free one.")
  String listen = "";

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description = "The directory to serve. With it go --name and --allow.")
  @Nullable Path repository;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "By which peers ask for it. Default: the directory's own name.")
  @Nullable String name;

  @Option(
      names = "--allow",
      paramLabel = "IDENTITY=RIGHTS",
      description = {
        "Who may do what, once per peer. IDENTITY is dns:NAME or uri:URI from its certificate, or",
        "sha256: and the hash of its public key. RIGHTS are read, add, delete, delete:FOLDER, lock,",
        "release, tier, joined by commas."
      })
  List<String> allow = new ArrayList<>();

  @Option(
      names = "--grants",
      paramLabel = "FILE",
      description = "More grants, one a line: IDENTITY NAME RIGHTS DIR.")
  @Nullable Path grants;

  @Option(names = "--create", description = "Make directories that are missing or empty.")
  boolean create;

  @Option(names = "--cert", required = true, paramLabel = "PEM", description = "Certificate.")
  Path certificate = Path.of("");

  @Option(names = "--key", required = true, paramLabel = "PEM", description = "Its private key.")
  Path key = Path.of("");

  @Option(names = "--trust", required = true, paramLabel = "PEM", description = "CAs of peers.")
  Path trust = Path.of("");

  ServeRepositoryCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (Interrupts _ = Interrupts.onSignal(ended::countDown);
        ServedRepositories served = new ServedRepositories(create)) {
      served.add(Optional.ofNullable(repository), Optional.ofNullable(name), allow);
      Optional.ofNullable(grants).ifPresent(served::addAll);
      try (RepositoryServer server =
          RepositoryServer.start(
              RepositoryServerOptions.at(Listening.address(listen)),
              new TlsIdentity(certificate, key, trust),
              served.grants(),
              Sha256::begin)) {
        announce(Listening.text(listen, server.address()), served);
        ended.await();
      }
    }
    return 0;
  }

  private void announce(String address, ServedRepositories served) {
    List<String> urls = served.names().map(each -> "sendense://" + address + "/" + each).toList();
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("urls", urls);
      surroundings.out().println(Json.text(document));
    } else {
      surroundings.out().println("serving " + String.join(" ", urls));
    }
    surroundings.out().flush();
  }
}
