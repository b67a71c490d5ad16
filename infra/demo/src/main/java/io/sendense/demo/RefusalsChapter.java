package io.sendense.demo;

import io.sendense.demo.Story.ProofFailed;
import io.sendense.testkit.ChildProcess;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The negative half: what must not work does not, and says why. */
final class RefusalsChapter {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Story story;
  private final Services services;
  private final Tenant ours;
  private final Path folder;

  RefusalsChapter(Story story, Services services, Tenant ours, Path folder) {
    this.story = story;
    this.services = services;
    this.ours = ours;
    this.folder = folder;
  }

  void forgedLicence(Appliance appliance, Path state) {
    story.proof(
        "a licence changed to a higher edition is refused",
        () -> {
          JsonNode licence =
              ours.mspAdmin().get(ours.customerPath() + "/licence").orFail("the licence");
          String genuine = licence.path("jws").asString();
          Path real = Files.writeString(folder.resolve("genuine.licence"), genuine);
          ChildProcess.Result accepted = check(appliance, state, real);
          Story.require(
              accepted.exitCode() == 0,
              "the genuine one: " + Appliance.complaint(accepted.stderr()));
          Path forged = Files.writeString(folder.resolve("forged.licence"), forge(genuine));
          ChildProcess.Result refused = check(appliance, state, forged);
          Story.require(refused.exitCode() == 7, "it ended with " + refused.exitCode());
          return Shown.of(Appliance.complaint(refused.stderr()));
        });
  }

  void expiredToken(ShortLivedTokens tokens) {
    story.proof(
        "an expired token is refused",
        () -> {
          Api soonExpired = new Api(services.cloud(), tokens.take());
          soonExpired.get("/api/v1/me").orFail("using the token while it was valid");
          Api.Answer refused =
              Waiting.until(
                  "the token to expire",
                  DEADLINE,
                  () -> Optional.of(soonExpired.get("/api/v1/me")).filter(a -> a.status() != 200));
          Story.require(refused.status() == 401, "it was answered with " + refused.status());
          return Shown.of(problem(refused.body()));
        });
  }

  void otherTenant(Tenant stranger, String vmId) {
    story.proof(
        "another MSP asking for this customer's objects finds nothing",
        () -> {
          List<String> reads =
              List.of(
                  ours.customerPath(),
                  ours.customerPath() + "/sites/" + ours.site(),
                  ours.customerPath() + "/vms/" + vmId,
                  ours.customerPath() + "/licence",
                  ours.customerPath() + "/usage-records");
          for (String path : reads) {
            ours.mspAdmin().get(path).orFail("the owner reading " + path);
            for (Api api : List.of(stranger.mspAdmin(), stranger.customerAdmin())) {
              refusedAsUnknown(api.get(path), path);
            }
          }
          String backup = ours.customerPath() + "/vms/" + vmId + "/backup";
          refusedAsUnknown(stranger.mspAdmin().post(backup, Map.of()), backup);
          JsonNode theirs = stranger.mspAdmin().get("/api/v1/restore-points").orFail("their list");
          Story.require(theirs.path("items").isEmpty(), "their list holds our points");
          return Shown.of(reads.size() + " reads by two of its people and a command, all refused");
        });
  }

  void foreignCertificate(String applianceId) {
    story.proof(
        "a client certificate of another CA with the same name is refused",
        () -> {
          Path ca = services.linkCa();
          String said;
          try (HttpClient http =
              HttpClient.newBuilder()
                  .sslContext(
                      ForeignCertificate.context(
                          folder.resolve("foreign-ca"),
                          commonName(ca),
                          "urn:sendense:appliance:" + applianceId,
                          ca))
                  .connectTimeout(DEADLINE)
                  .build()) {
            HttpResponse<String> answer =
                http.send(
                    HttpRequest.newBuilder(services.link().resolve("/link/v1/desired-state"))
                        .timeout(DEADLINE)
                        .build(),
                    HttpResponse.BodyHandlers.ofString());
            Story.require(
                answer.statusCode() == 401 || answer.statusCode() == 403,
                "it was answered with " + answer.statusCode());
            said = problem(JSON.readTree(answer.body()));
          } catch (java.io.IOException refusedByTls) {
            said = "TLS: " + refusedByTls.getMessage();
          }
          return Shown.of(said);
        });
  }

  private static void refusedAsUnknown(Api.Answer answer, String path) {
    Story.require(
        answer.status() == 404 || answer.status() == 403,
        path + " was answered with " + answer.status());
  }

  private ChildProcess.Result check(Appliance appliance, Path state, Path licence) {
    return appliance.run(DEADLINE, "licence", "--state", state.toString(), licence.toString());
  }

  /** The same signature over a payload that promises more. */
  private static String forge(String jws) {
    ObjectNode document = (ObjectNode) JSON.readTree(jws);
    String payload =
        new String(
            Base64.getUrlDecoder().decode(document.path("payload").asString()),
            StandardCharsets.UTF_8);
    String more = payload.replace("enterprise", "replication").replace("ENTERPRISE", "REPLICATION");
    if (more.equals(payload)) {
      throw new ProofFailed("the licence does not name its edition");
    }
    document.put(
        "payload",
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(more.getBytes(StandardCharsets.UTF_8)));
    return JSON.writeValueAsString(document);
  }

  private static String commonName(Path pem) throws Exception {
    try (InputStream in = Files.newInputStream(pem)) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      for (String part : certificate.getSubjectX500Principal().getName().split(",")) {
        if (part.startsWith("CN=")) {
          return part.substring(3);
        }
      }
    }
    return "Sendense";
  }

  private static String problem(JsonNode body) {
    String detail = body.path("detail").asString(body.path("title").asString(body.toString()));
    return Appliance.brief(body.path("code").asString("") + " " + detail);
  }
}
