package io.sendense.demo;

import io.sendense.demo.Story.Done;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Ports;
import io.sendense.testkit.keycloak.KeycloakAccess;
import io.sendense.testkit.keycloak.KeycloakServer;
import io.sendense.testkit.postgres.DatabaseAccess;
import io.sendense.testkit.postgres.PostgresServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** PostgreSQL, Keycloak and the control plane, each a real process of its own. */
final class ServicesChapter {
  private static final Duration DEADLINE = Duration.ofMinutes(4);

  private final Story story;
  private final UpOptions options;
  private final Path cache;
  private final Path run;
  private final Consumer<AutoCloseable> started;

  ServicesChapter(
      Story story, UpOptions options, Path cache, Path run, Consumer<AutoCloseable> started) {
    this.story = story;
    this.options = options;
    this.cache = cache;
    this.run = run;
    this.started = started;
  }

  Services start() throws Exception {
    StoryPorts ports = StoryPorts.claim(options.port(), options.linkPort());
    for (String note : ports.notes()) {
      story.note(note);
    }
    int port = ports.portal();
    int linkPort = ports.link();
    DatabaseAccess database = database();
    KeycloakAccess identity =
        story.step(
            "Keycloak with the realm of infra/keycloak",
            () -> {
              KeycloakServer server =
                  KeycloakServer.start(
                      new KeycloakServer.Settings(
                          distribution(),
                          cache,
                          run.resolve("keycloak"),
                          options.root().resolve("infra/keycloak/sendense-realm.json"),
                          0,
                          List.of("http://127.0.0.1:" + port),
                          DEADLINE));
              started.accept(server);
              return new Done<>(server.access(), Shown.of(server.access().issuer().toString()));
            });
    Path state = Files.createDirectories(run.resolve("control-plane"));
    URI cloud = URI.create("http://127.0.0.1:" + port);
    ChildProcess controlPlane =
        story.step(
            "the control plane",
            () -> {
              ChildProcess process =
                  ChildProcess.start(
                      new JavaProgram(
                              options.root(), "control-cloud/app", "io.sendense.cloud.ControlPlane")
                          .command(),
                      environment(database, identity, state, port, linkPort),
                      Optional.empty());
              started.accept(process);
              process.awaitPort(linkPort, DEADLINE);
              process.awaitPort(port, DEADLINE);
              return new Done<>(process, Shown.of(cloud + ", appliance link on port " + linkPort));
            });
    Api platformAdmin =
        Api.asClient(
            cloud, identity.issuer(), KeycloakAccess.PLATFORM_CLIENT, identity.platformSecret());
    return new Services(
        cloud,
        URI.create("https://127.0.0.1:" + linkPort),
        identity.issuer(),
        state,
        platformAdmin,
        identity,
        controlPlane);
  }

  private DatabaseAccess database() throws Exception {
    if (options.dbUrl().isPresent()) {
      return story.step(
          "a PostgreSQL of your own instead of the embedded one",
          () -> {
            ExternalDatabase.Found found =
                ExternalDatabase.check(options.dbUrl().get(), System.getenv());
            return new Done<>(
                found.access(), Shown.of(found.access().url() + ", version " + found.version()));
          });
    }
    return story.step(
        "PostgreSQL, durable, passwords, a private folder",
        () -> {
          PostgresServer server =
              PostgresServer.start(new PostgresServer.Settings(cache, run.resolve("postgres")));
          started.accept(server);
          return new Done<>(server.access(), Shown.of(server.access().url()));
        });
  }

  private Path distribution() {
    return options.root().resolve("shared/testkit/target/dist/keycloak.zip");
  }

  private Map<String, String> environment(
      DatabaseAccess database, KeycloakAccess identity, Path state, int port, int linkPort) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SENDENSE_DB_URL", database.url());
    environment.put("SENDENSE_DB_USER", database.appUser());
    environment.put("SENDENSE_DB_PASSWORD", database.appPassword());
    environment.put("SENDENSE_DB_OWNERUSER", database.ownerUser());
    environment.put("SENDENSE_DB_OWNERPASSWORD", database.ownerPassword());
    environment.put("SENDENSE_OIDC_ISSUER", identity.issuer().toString());
    environment.put("SENDENSE_KEYCLOAK_CLIENTSECRET", identity.controlPlaneSecret());
    environment.put("SENDENSE_STATE_DIR", state.toString());
    environment.put("SENDENSE_PORTAL_DIR", options.root().resolve("tenant-portal/dist").toString());
    environment.put("SERVER_PORT", String.valueOf(port));
    environment.put("MANAGEMENT_SERVER_PORT", String.valueOf(Ports.claim(0, "management")));
    environment.put("SENDENSE_LINK_PORT", String.valueOf(linkPort));
    // An appliance reports and meters by the minute or the hour; a story cannot wait for that.
    environment.put("SENDENSE_LINK_REPORTSECONDS", "2");
    environment.put("SENDENSE_LINK_USAGESECONDS", "5");
    environment.put("SENDENSE_LINK_LEASESECONDS", "2");
    return environment;
  }
}
