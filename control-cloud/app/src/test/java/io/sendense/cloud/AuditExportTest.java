package io.sendense.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Answer;
import io.sendense.cloud.CloudUnderTest.Tenant;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The audit log as people search it and as machines take it away. */
@Tag("server")
class AuditExportTest {
  private final CloudUnderTest cloud = CloudUnderTest.get();

  @Test
  void anExportIsResumedWithoutGapOrDoubleAndChecksWithNothingButTheFile(@TempDir Path folder)
      throws Exception {
    Tenant tenant = cloud.newTenant("exported");
    List<String> lines = new ArrayList<>();
    long after = 0;
    for (int round = 0; round < 6; round++) {
      site(tenant, "Site " + round);
      Answer piece = export(tenant, "json", after, 2);
      piece.json().path("lines").forEach(line -> lines.add(line.asString()));
      after = piece.json().path("last").asLong();
    }
    Answer rest = export(tenant, "json", after, 1000);
    rest.json().path("lines").forEach(line -> lines.add(line.asString()));
    long last = rest.json().path("last").asLong();
    assertThat(lines).hasSize((int) last).doesNotHaveDuplicates();
    assertThat(export(tenant, "json", last, 10).json().path("lines").isEmpty()).isTrue();

    String head =
        cloud
            .get("/msps/" + tenant.msp() + "/audit-verification", tenant.mspToken())
            .at("headHash");
    Path file = folder.resolve("audit.jsonl");
    Files.write(file, lines);
    assertThat(verify(file, head)).isEqualTo("0 intact: entries 1 to " + last + ", head " + head);
    Files.write(file, lines.subList(0, lines.size() - 1));
    assertThat(verify(file, head)).startsWith("1 broken: the chain ends at ");
    lines.set(2, lines.get(2).replace("Main", "Mine"));
    Files.write(file, lines);
    assertThat(verify(file, head)).startsWith("1 broken: entry 3 was changed");
    assertThat(export(tenant, "cef", 0, 1).json().path("lines").path(0).asString())
        .startsWith("<109>1 ")
        .contains(" - CEF:0|Sendense|Control plane|1|");
    assertThat(
            cloud.get("/msps/" + tenant.msp() + "/audit-export", tenant.customerToken()).status())
        .isEqualTo(403);
  }

  @Test
  void entriesAreFoundByWhoWhatWhereAndWhen() {
    Tenant tenant = cloud.newTenant("searched");
    String site = site(tenant, "Needle in Leeds");
    site(tenant, "Another");
    assertThat(found(tenant, "text=needle")).isEqualTo(1);
    assertThat(found(tenant, "text=%25")).as("no wildcard").isZero();
    assertThat(found(tenant, "subject=" + site)).isEqualTo(1);
    assertThat(found(tenant, "action=site.create")).isEqualTo(3);
    assertThat(found(tenant, "action=site")).isEqualTo(3);
    assertThat(found(tenant, "action=sit")).isZero();
    assertThat(found(tenant, "actor=nobody")).isZero();
    assertThat(found(tenant, "action=site&to=2026-01-01T00:00:00Z")).isZero();
    assertThat(found(tenant, "action=site&from=2026-01-01T00:00:00Z")).isEqualTo(3);
    assertThat(cloud.get("/audit-entries?from=yesterday", tenant.mspToken()).status())
        .isEqualTo(400);
  }

  private String site(Tenant tenant, String name) {
    Answer made =
        cloud.call(
            "POST",
            "/customers/" + tenant.customer() + "/sites",
            tenant.mspToken(),
            Map.of("name", name));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.at("id");
  }

  private Answer export(Tenant tenant, String format, long after, int limit) {
    Answer answer =
        cloud.get(
            "/msps/"
                + tenant.msp()
                + "/audit-export?format="
                + format
                + "&after="
                + after
                + "&limit="
                + limit,
            tenant.mspToken());
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  private int found(Tenant tenant, String query) {
    JsonNode page = cloud.get("/audit-entries?" + query, tenant.mspToken()).json();
    return page.path("items").size();
  }

  /** The command in a process of its own: its exit code and what it says. */
  private static String verify(Path file, String head) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.sendense.cloud.audit.AuditMain",
                "verify",
                file.toString(),
                "--head",
                head)
            .redirectErrorStream(true)
            .start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + " " + said;
  }
}
