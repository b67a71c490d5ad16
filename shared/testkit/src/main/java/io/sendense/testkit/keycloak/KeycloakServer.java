package io.sendense.testkit.keycloak;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.Folders;
import io.sendense.testkit.Ports;
import io.sendense.testkit.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * One Keycloak over a folder that is kept. The distribution is unpacked and built once per cache,
 * and a server that holds nothing but the realm is kept there as a seed, so that a new one starts
 * from a copy in seconds. Closing stops it in order.
 */
public final class KeycloakServer implements AutoCloseable {
  /** The realm's name in infra/keycloak. */
  public static final String REALM = "sendense";

  private static final String ADMIN = "keycloak-admin";
  private static final String PLATFORM_USER = "platform";
  private static final String[] SECRETS = {
    ADMIN, KeycloakAccess.CONTROL_PLANE_CLIENT, KeycloakAccess.PLATFORM_CLIENT, PLATFORM_USER
  };

  private final ChildProcess process;
  private final KeycloakAccess access;
  private final Duration deadline;

  private KeycloakServer(ChildProcess process, KeycloakAccess access, Duration deadline) {
    this.process = process;
    this.access = access;
    this.deadline = deadline;
  }

  /**
   * Where and how to run.
   *
   * @param zip the distribution, as the build of shared/testkit leaves it in {@code target/dist}
   * @param cache for the built distribution and the seed, shared by all servers
   * @param home folder of this server, made private; holds accounts and generated passwords
   * @param realm infra/keycloak/sendense-realm.json
   * @param port on the loopback address; 0 takes a free one
   * @param portalOrigins from which the portal may sign people in, such as {@code
   *     http://127.0.0.1:8080}
   * @param deadline for each of: building, seeding, starting, stopping
   */
  public record Settings(
      Path zip,
      Path cache,
      Path home,
      Path realm,
      int port,
      List<String> portalOrigins,
      Duration deadline) {}

  /**
   * Starts a server and returns when the realm answers and its accounts are as {@link #access}
   * says.
   *
   * @throws SendenseException PORT_TAKEN, MISSING_TOOL without the distribution, DEADLINE_EXCEEDED
   *     with the server's last words
   */
  public static KeycloakServer start(Settings settings) {
    Path cache = settings.cache().toAbsolutePath();
    int port = Ports.claim(settings.port(), "Keycloak");
    KeycloakInstall install =
        KeycloakInstall.in(cache, settings.zip().toAbsolutePath(), settings.deadline());
    Path home = Folders.createPrivate(settings.home().toAbsolutePath());
    if (!Files.exists(home.resolve("secrets.properties"))) {
      Folders.delete(home.resolve("h2"));
      Path seed = seed(install, cache, settings);
      Folders.copy(seed.resolve("h2"), home.resolve("h2"));
      Folders.writePrivate(home.resolve("seed-password"), Secrets.read(seed).getProperty(ADMIN));
    }
    Properties secrets = Secrets.of(home, SECRETS);
    ChildProcess process = install.start(environment(home, port, Map.of()));
    try {
      URI server = URI.create("http://127.0.0.1:" + port);
      awaitRealm(process, server, REALM, settings.deadline());
      makeOwn(home, server, secrets, settings.portalOrigins());
      return new KeycloakServer(process, access(server, secrets), settings.deadline());
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  public KeycloakAccess access() {
    return access;
  }

  /** Stops the server in order. May be called twice. */
  @Override
  public void close() {
    stop(process, deadline);
  }

  private static Path seed(KeycloakInstall install, Path cache, Settings settings) {
    String realm;
    try {
      realm = Files.readString(settings.realm());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the realm " + settings.realm(), e);
    }
    Path ready = cache.resolve("keycloak-seed-" + fingerprint(realm));
    if (!Files.isDirectory(ready)) {
      Path fresh = Folders.createPrivate(cache.resolve("seeding-" + ProcessHandle.current().pid()));
      Folders.delete(fresh.resolve("h2"));
      Properties secrets = Secrets.of(fresh, ADMIN);
      int port = Ports.claim(0, "Keycloak");
      ChildProcess process =
          install.start(
              environment(
                  fresh,
                  port,
                  Map.of(
                      "KC_BOOTSTRAP_ADMIN_USERNAME",
                      ADMIN,
                      "KC_BOOTSTRAP_ADMIN_PASSWORD",
                      secrets.getProperty(ADMIN))));
      try {
        URI server = URI.create("http://127.0.0.1:" + port);
        awaitRealm(process, server, "master", settings.deadline());
        new KeycloakAdmin(server, ADMIN, secrets.getProperty(ADMIN)).createRealm(realm);
      } finally {
        stop(process, settings.deadline());
      }
      if (!Folders.moveIfAbsent(fresh, ready)) {
        Folders.delete(fresh);
      }
    }
    return ready;
  }

  /** Replaces what came with the seed by this server's own secrets; safe to repeat. */
  private static void makeOwn(
      Path home, URI server, Properties secrets, List<String> portalOrigins) {
    Path seedPassword = home.resolve("seed-password");
    String own = secrets.getProperty(ADMIN);
    if (Files.exists(seedPassword)) {
      KeycloakAdmin seeded;
      try {
        seeded = new KeycloakAdmin(server, ADMIN, Files.readString(seedPassword));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (IllegalStateException changedBefore) {
        seeded = new KeycloakAdmin(server, ADMIN, own);
      }
      for (String client :
          List.of(KeycloakAccess.CONTROL_PLANE_CLIENT, KeycloakAccess.PLATFORM_CLIENT)) {
        seeded.setClientSecret(REALM, client, secrets.getProperty(client));
      }
      seeded.grantToService(REALM, KeycloakAccess.PLATFORM_CLIENT, "platform-admin");
      seeded.putUser(REALM, PLATFORM_USER, secrets.getProperty(PLATFORM_USER), "platform-admin");
      seeded.setPassword("master", ADMIN, own);
      Folders.delete(seedPassword);
    }
    if (!portalOrigins.isEmpty()) {
      new KeycloakAdmin(server, ADMIN, own).allowOrigins(REALM, "sendense-portal", portalOrigins);
    }
  }

  private static KeycloakAccess access(URI server, Properties secrets) {
    return new KeycloakAccess(
        URI.create(server + "/realms/" + REALM),
        secrets.getProperty(KeycloakAccess.CONTROL_PLANE_CLIENT),
        secrets.getProperty(KeycloakAccess.PLATFORM_CLIENT),
        PLATFORM_USER,
        secrets.getProperty(PLATFORM_USER),
        ADMIN,
        secrets.getProperty(ADMIN));
  }

  private static Map<String, String> environment(
      Path home, int port, Map<String, String> additional) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KC_HTTP_ENABLED", "true");
    environment.put("KC_HTTP_HOST", "127.0.0.1");
    environment.put("KC_HTTP_PORT", Integer.toString(port));
    environment.put("KC_HOSTNAME", "http://127.0.0.1:" + port);
    environment.put(
        "KC_HTTP_MANAGEMENT_PORT", Integer.toString(Ports.claim(0, "Keycloak's management")));
    environment.put("KC_CACHE", "local");
    environment.put("KC_LOG_LEVEL", "warn");
    environment.put(
        "KC_DB_URL",
        "jdbc:h2:file:"
            + home.resolve("h2/keycloakdb")
            + ";NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE");
    environment.putAll(additional);
    return environment;
  }

  private static void awaitRealm(
      ChildProcess process, URI server, String realm, Duration deadline) {
    URI discovery = server.resolve("/realms/" + realm + "/.well-known/openid-configuration");
    HttpRequest request = HttpRequest.newBuilder(discovery).timeout(Duration.ofSeconds(5)).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      process.await("the realm " + realm, deadline, () -> answers(http, request));
    } catch (AssertionError e) {
      throw new SendenseException(
          ErrorCode.DEADLINE_EXCEEDED,
          "Keycloak did not come up: " + e.getMessage(),
          "Mend what its last lines name; they stand in this message.",
          e);
    }
  }

  private static boolean answers(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void stop(ChildProcess process, Duration deadline) {
    if (process.isAlive()) {
      process.terminate();
      process.awaitExit(deadline);
    }
    process.close();
  }

  private static String fingerprint(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
