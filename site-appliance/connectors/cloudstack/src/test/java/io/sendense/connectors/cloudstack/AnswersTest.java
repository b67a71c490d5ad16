package io.sendense.connectors.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What goes over the wire, against answers in the shapes of the vendor's documents: the Programmer
 * Guide of 4.22 ("API Responses", "Error Handling", "Asynchronous Commands") and the error codes of
 * ApiErrorCode. None of it comes from the lab.
 */
class AnswersTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SECRET = "secretsecretsecret";

  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private int status = 200;
  private HttpServer http;
  private CloudStackClient client;

  @BeforeEach
  void start() throws Exception {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/client/api",
        exchange -> {
          try (exchange) {
            byte[] form = exchange.getRequestBody().readAllBytes();
            asked.add(new String(form, StandardCharsets.UTF_8));
            byte[] body = answers.remove().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    http.start();
    client =
        new CloudStackClient(
            new CloudStackOptions(
                URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/client/api"),
                Optional.empty(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                2),
            new ApiKeys("apikeyapikey", SECRET),
            () -> NOW);
  }

  @AfterEach
  void stop() {
    client.close();
    http.stop(0);
  }

  @Test
  void aRequestIsSignedExpiresAndKeepsTheSecret() {
    answers.add(
        "{\"listzonesresponse\":{\"count\":1,\"zone\":[{\"id\":\"z\",\"name\":\"zone1\"}]}}");
    assertThat(client.all("listZones", Map.of(), "zone")).hasSize(1);
    assertThat(asked.getFirst())
        .contains("command=listZones", "response=json", "apikey=apikeyapikey", "signature=")
        .contains("signatureversion=3", "expires=2026-01-01T00%3A10%3A00%2B0000")
        .doesNotContain(SECRET);
  }

  @Test
  void pagesAreReadUntilTheCountIsReached() {
    String page = "{\"listvolumesresponse\":{\"count\":3,\"volume\":[%s]}}";
    answers.add(page.formatted("{\"id\":\"1\"},{\"id\":\"2\"}"));
    answers.add(page.formatted("{\"id\":\"3\"}"));
    assertThat(client.all("listVolumes", Map.of(), "volume"))
        .extracting(volume -> volume.text("id"))
        .containsExactly("1", "2", "3");
    assertThat(asked.get(0)).contains("page=1", "pagesize=2");
    assertThat(asked.get(1)).contains("page=2", "pagesize=2");
  }

  @Test
  void anEmptyListHasNoFieldsAtAll() {
    answers.add("{\"listvirtualmachinesresponse\":{}}");
    assertThat(client.all("listVirtualMachines", Map.of(), "virtualmachine")).isEmpty();
  }

  @Test
  void anErrorIsGivenInCloudStacksOwnWords() {
    status = 431;
    answers.add(
        "{\"listzonesresponse\":{\"uuidList\":[],\"errorcode\":431,\"cserrorcode\":4350,"
            + "\"errortext\":\"Page size can't exceed max allowed page size value: 500\"}}");
    assertThatThrownBy(() -> client.call("listZones", Map.of()))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("Page size can't exceed")
        .hasMessageContaining("431");
  }

  @Test
  void eachErrorCodeIsSomebodysDoing() {
    Map<Integer, ErrorCode> expected =
        Map.of(
            401, ErrorCode.UNAUTHENTICATED,
            430, ErrorCode.SOURCE_PROTOCOL,
            431, ErrorCode.SOURCE_PROTOCOL,
            432, ErrorCode.FORBIDDEN,
            530, ErrorCode.SOURCE_PROTOCOL,
            531, ErrorCode.FORBIDDEN,
            533, ErrorCode.NO_SPACE,
            534, ErrorCode.SOURCE_UNREADABLE,
            535, ErrorCode.LIMIT_REACHED,
            536, ErrorCode.CONFLICT);
    expected.forEach(
        (code, means) -> {
          status = code;
          answers.add("{\"errorresponse\":{\"errorcode\":" + code + ",\"errortext\":\"why\"}}");
          assertThatThrownBy(() -> client.call("deployVirtualMachine", Map.of()))
              .isInstanceOfSatisfying(
                  SendenseException.class, e -> assertThat(e.code()).isEqualTo(means));
        });
  }

  @Test
  void aJobIsAskedAfterUntilItEnds() {
    answers.add("{\"deployvirtualmachineresponse\":{\"id\":\"100\",\"jobid\":\"1\"}}");
    answers.add(
        "{\"queryasyncjobresultresponse\":{\"jobid\":\"1\",\"jobstatus\":0,\"jobprocstatus\":1}}");
    answers.add(
        "{\"queryasyncjobresultresponse\":{\"jobid\":\"1\",\"jobstatus\":1,\"jobprocstatus\":0,"
            + "\"jobresultcode\":0,\"jobresulttype\":\"object\",\"jobresult\":{\"virtualmachine\":"
            + "{\"id\":\"450\",\"name\":\"i-2-450-VM\",\"state\":\"Running\"}}}}");
    Answer result = client.job("deployVirtualMachine", Map.of());
    assertThat(result.object("virtualmachine").orElseThrow().text("id")).isEqualTo("450");
    assertThat(asked.get(1)).contains("command=queryAsyncJobResult", "jobid=1");
  }

  @Test
  void aFailedJobSaysWhyAlsoWhereTheReasonIsOnlyText() {
    answers.add("{\"deployvirtualmachineresponse\":{\"id\":\"100\",\"jobid\":\"1\"}}");
    answers.add(
        "{\"queryasyncjobresult\":{\"jobid\":\"1\",\"jobstatus\":2,\"jobprocstatus\":0,"
            + "\"jobresultcode\":551,\"jobresulttype\":\"text\",\"jobresult\":"
            + "\"Unable to deploy virtual machine id = 100 due to not enough capacity\"}}");
    assertThatThrownBy(() -> client.job("deployVirtualMachine", Map.of()))
        .hasMessageContaining("due to not enough capacity")
        .hasMessageContaining("551");
    answers.add("{\"attachvolumeresponse\":{\"jobid\":\"2\"}}");
    answers.add(
        "{\"queryasyncjobresultresponse\":{\"jobid\":\"2\",\"jobstatus\":2,\"jobresultcode\":530,"
            + "\"jobresulttype\":\"object\",\"jobresult\":{\"errorcode\":530,\"errortext\":"
            + "\"Failed to attach volume\"}}}");
    assertThatThrownBy(() -> client.job("attachVolume", Map.of()))
        .hasMessageContaining("Failed to attach volume");
  }

  @Test
  void whatIsNoAnswerOfCloudStackIsSaidToBeNone() {
    answers.add("<html>Welcome</html>");
    assertThatThrownBy(() -> client.call("listZones", Map.of())).hasMessageContaining("not JSON");
    answers.add("[1]");
    assertThatThrownBy(() -> client.call("listZones", Map.of()))
        .hasMessageContaining("no JSON object");
    answers.add("{\"a\":".repeat(100) + "1" + "}".repeat(100));
    assertThatThrownBy(() -> client.call("listZones", Map.of())).hasMessageContaining("nests");
  }

  @Test
  void plainHttpLeavesThisMachineNever() {
    assertThatThrownBy(
            () -> CloudStackOptions.of("http://cloud.example.net/client/api", Optional.empty()))
        .hasMessageContaining("not encrypted");
    assertThatThrownBy(
            () -> CloudStackOptions.of("https://user:pw@cloud.example.net/", Optional.empty()))
        .isInstanceOf(SendenseException.class);
  }
}
