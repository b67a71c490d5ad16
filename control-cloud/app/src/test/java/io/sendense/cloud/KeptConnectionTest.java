package io.sendense.cloud;

import static io.sendense.cloud.RawConnection.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.cloud.CloudUnderTest.Tenant;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A request refused before its body was read leaves the connection fit for the next one. */
@Tag("server")
class KeptConnectionTest {
  private static final String BODY = "{\"name\":\"x\"}";
  private static final String REFUSED = head("POST", "/customers", "", BODY.length());
  private static final String NEXT = head("GET", "/health", "", -1);

  private static CloudUnderTest cloud;
  private static Tenant tenant;

  @BeforeAll
  static void aTenant() {
    cloud = CloudUnderTest.get();
    tenant = cloud.newTenant("kept");
  }

  private static RawConnection connect() throws IOException {
    return new RawConnection(cloud.uri("/"));
  }

  @Test
  void aRefusalThatWaitedForTheAnswerBeforeItIsFollowedByTheNextAnswer() throws IOException {
    String slow = head("GET", "/me", tenant.mspToken(), -1);
    try (RawConnection connection = connect()) {
      for (int i = 0; i < 20; i++) {
        connection.send(slow + REFUSED + BODY);
        assertThat(connection.answer().status()).as("first of round " + i).isEqualTo(200);
        assertThat(connection.answer().status()).as("refused in round " + i).isEqualTo(401);
        connection.send(NEXT);
        assertThat(connection.answer().status()).as("last of round " + i).isEqualTo(200);
      }
    }
  }

  @Test
  void theBodyMayComeAfterTheRefusal() throws IOException {
    try (RawConnection connection = connect()) {
      for (int i = 0; i < 20; i++) {
        connection.send(REFUSED);
        assertThat(connection.answer().status()).isEqualTo(401);
        connection.send(BODY);
        connection.send(NEXT);
        assertThat(connection.answer().status()).as("round " + i).isEqualTo(200);
      }
    }
  }

  @Test
  void theBodyMayComeInPiecesAroundTheRefusal() throws IOException {
    try (RawConnection connection = connect()) {
      for (int i = 0; i < 20; i++) {
        connection.send(REFUSED);
        connection.send(BODY.substring(0, 3));
        assertThat(connection.answer().status()).isEqualTo(401);
        connection.send(BODY.substring(3) + NEXT);
        assertThat(connection.answer().status()).as("round " + i).isEqualTo(200);
      }
    }
  }

  @Test
  void everyKindOfRefusalKeepsTheConnection() throws IOException {
    String token = tenant.customerToken();
    String path = "/customers/" + tenant.customer() + "/sites";
    try (RawConnection connection = connect()) {
      refused(connection, head("POST", "/customers", token, BODY.length()), 403);
      refused(connection, head("POST", "/nothing-here", token, BODY.length()), 404);
      refused(
          connection,
          head("POST", path, token, BODY.length())
              .replace("application/json", "application/x-www-form-urlencoded"),
          415);
      refused(connection, head("DELETE", path, token, BODY.length()), 404);
    }
  }

  private static void refused(RawConnection connection, String head, int status)
      throws IOException {
    connection.send(head);
    connection.send(BODY);
    assertThat(connection.answer().status()).isEqualTo(status);
    connection.send(NEXT);
    assertThat(connection.answer().status()).as("after a " + status).isEqualTo(200);
  }

  @Test
  void aClientThatWaitsFor100ContinueIsToldThatTheConnectionEnds() throws IOException {
    try (RawConnection connection = connect()) {
      connection.send(head("POST", "/customers", "", BODY.length(), "Expect: 100-continue"));
      RawConnection.Answer answer = connection.answer();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.headers()).containsEntry("connection", "close");
      assertThat(connection.ended()).isTrue();
    }
  }

  @Test
  void aBodyOverTheLimitIsRefusedWithItsSizeAndTheConnectionGoesOn() throws IOException {
    String path = "/customers/" + tenant.customer() + "/sites";
    String big = "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";
    try (RawConnection connection = connect()) {
      connection.send(head("POST", path, tenant.mspToken(), big.length()));
      connection.send(big);
      RawConnection.Answer answer = connection.answer();
      assertThat(answer.status()).as(answer.body()).isEqualTo(413);
      connection.send(NEXT);
      assertThat(connection.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void aRefusedBodyWithoutEndIsNotReadForEver() throws IOException {
    String piece = "x".repeat(1 << 20);
    try (RawConnection connection = connect()) {
      connection.send(head("POST", "/customers", "", Integer.MAX_VALUE));
      assertThat(connection.answer().status()).isEqualTo(401);
      int sent = 0;
      try {
        for (; sent < 256; sent++) {
          connection.send(piece);
        }
      } catch (java.net.SocketException closed) {
        // What the test wants to see.
      }
      assertThat(sent).as("MiB taken").isLessThan(64);
    }
  }

  @Test
  void aBodyThatNeverComesEndsTheConnection() throws IOException {
    String path = "/customers/" + tenant.customer() + "/sites";
    try (RawConnection connection = connect()) {
      connection.send(head("POST", path, tenant.mspToken(), BODY.length()));
      assertThat(connection.ended()).isTrue();
    }
  }
}
