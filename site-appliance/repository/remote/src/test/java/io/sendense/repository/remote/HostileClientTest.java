package io.sendense.repository.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.ErrorCode;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileClientTest {
  private static final int CONNECTIONS = 6;

  private final ObjectStore behind = new MemoryObjectStore(InstantSource.system());
  private final Site site =
      Site.start(
          behind,
          o ->
              o.withWaits(Site.SHORT, Site.SHORT, Site.SHORT, Site.SHORT)
                  .withBounds(CONNECTIONS, 4, 8 << 20, 4 << 20));

  /** Whatever was done to it, the server serves an honest client afterwards. */
  @AfterEach
  void theServerIsWellAndStop() {
    awaitPlace();
    try (ObjectStore store = site.client()) {
      store.put(new ObjectName("afterwards"), new byte[4 << 20]);
      assertThat(store.get(new ObjectName("afterwards"), 4 << 20)).hasSize(4 << 20);
      assertThat(behind.list("")).hasSize(1);
    }
    site.close();
  }

  @Test
  void withoutACertificateNothingIsSaid() throws Exception {
    try (RawClient client =
        RawClient.connect(site.port(), Optional.empty(), "TLSv1.3", Wire.ALPN)) {
      assertThat(helloAnswer(client)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2,sendense-store", "TLSv1.3,h2"})
  void anOlderTlsAndAnotherProtocolAreTurnedAway(String tls, String alpn) throws Exception {
    Optional<TlsIdentity> identity = Optional.of(Site.PKI.client("site-b"));
    try (RawClient client = RawClient.connect(site.port(), identity, tls, alpn)) {
      assertThat(helloAnswer(client)).isEmpty();
    }
  }

  @Test
  void anUnknownVersionIsAnsweredWithOurs() {
    try (RawClient client = RawClient.connect(site.port())) {
      client.send(0, new Message.Hello(2, 9, Site.REPOSITORY));

      assertThat(client.receive().orElseThrow())
          .isInstanceOfSatisfying(
              Message.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo(ErrorCode.STORE_UNKNOWN_VERSION.number());
                assertThat(failed.what()).contains("2 to 9", "version 1");
              });
      assertThat(client.receive()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000001 14 000000 00000001 00", // a cut body
        "00020001 14 000000 00000001", // a body too large
        "ffffffff 10 000000 00000001", // much too large
        "00040001 20 000000 00000001", // DATA too large
        "00000000 7f 000000 00000001", // an unknown type
        "00000000 81 000000 00000001", // an answer
        "00000000 02 000000 00000000", // a second greeting, cut
        "00000003 14 000001 00000001 000161", // zero that is not zero
        "00000003 14 000000 00000000 000161", // no number
        "00000004 14 000000 00000001 00022e2e", // ..
        "00000007 14 000000 00000001 0005612f2e2e2f", // a/../
        "00000006 14 000000 00000001 00042f657463", // /etc
        "00000006 15 000000 00000001 00042e2e2f61", // a folder ../a
        "00000003 20 000000 00000001 000000" // content of no put
      })
  void whatIsNotTheProtocolEndsTheConnection(String hex) {
    try (RawClient client = RawClient.connect(site.port()).hello()) {
      client.sendHex(hex);

      client
          .receive()
          .ifPresent(
              answer ->
                  assertThat(answer)
                      .isInstanceOfSatisfying(
                          Message.Failed.class,
                          failed ->
                              assertThat(failed.code())
                                  .isEqualTo(ErrorCode.BAD_ARGUMENT.number())));
      assertThat(client.receive()).isEmpty();
    }
  }

  @Test
  void aRequestBeforeHelloEndsTheConnection() {
    try (RawClient client = RawClient.connect(site.port())) {
      client.send(1, new Message.Named(Wire.STAT, new ObjectName("a")));
      assertThat(client.receive()).containsInstanceOf(Message.Failed.class);
      assertThat(client.receive()).isEmpty();
    }
  }

  @Test
  void whoSaysNothingOrHalfAFrameOrHalfAnObjectIsDisconnected() {
    try (RawClient noHello = RawClient.connect(site.port());
        RawClient halfHeader = RawClient.connect(site.port()).hello();
        RawClient halfObject = RawClient.connect(site.port()).hello();
        RawClient silent = RawClient.connect(site.port()).hello()) {
      halfHeader.sendHex("000000");
      halfObject.send(1, new Message.Put(new ObjectName("half"), 1 << 20, Optional.empty()));
      assertThat(halfObject.receive()).contains(new Message.Bare(Wire.GO));
      halfObject.sendHex("00000003 20 000000 00000001 000000");

      for (RawClient client : List.of(noHello, halfHeader, halfObject, silent)) {
        assertThat(client.receive()).isEmpty();
      }
    }
  }

  @Test
  void halfAFrameIsNotKeptAliveByAByteNowAndThen() throws Exception {
    try (RawClient client = RawClient.connect(site.port()).hello()) {
      client.socket().setSoTimeout(300);
      boolean closed = false;
      byte[] body = new byte[100];
      for (int i = 0; i < body.length && !closed; i++) {
        try {
          client.send(i == 0 ? new byte[] {0, 0, 0, 90, 0x14, 0, 0, 0, 0, 0, 0, 1} : new byte[1]);
          closed = client.receive().isEmpty();
        } catch (AssertionError nothingYet) {
          closed = false;
        } catch (java.io.UncheckedIOException e) {
          closed = true;
        }
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void moreContentThanAnnouncedIsRefusedAndNothingIsStored() {
    try (RawClient client = RawClient.connect(site.port()).hello()) {
      client.send(1, new Message.Put(new ObjectName("more"), 70_000, Optional.empty()));
      assertThat(client.receive()).contains(new Message.Bare(Wire.GO));
      client.sendHex("00011171 20 000000 00000001");
      assertThat(client.receive()).containsInstanceOf(Message.Failed.class);
    }
    assertThat(behind.list("")).isEmpty();
  }

  @Test
  void anObjectLongerThanAllowedIsRefusedBeforeItComes() {
    try (RawClient client = RawClient.connect(site.port()).hello()) {
      client.send(1, new Message.Put(new ObjectName("long"), 1L << 50, Optional.empty()));
      assertThat(client.receive())
          .containsInstanceOf(Message.Failed.class)
          .get()
          .satisfies(
              answer ->
                  assertThat(((Message.Failed) answer).code())
                      .isEqualTo(ErrorCode.BAD_ARGUMENT.number()));
      client.send(2, new Message.Named(Wire.STAT, new ObjectName("long")));
      assertThat(client.receive()).contains(new Message.Bare(Wire.ABSENT));
    }
  }

  @Test
  void moreRequestsAtOnceThanAllowedEndTheConnection() {
    try (RawClient client = RawClient.connect(site.port()).hello()) {
      for (int i = 1; i <= 40; i++) {
        client.send(i, new Message.Put(new ObjectName("p/" + i), 1 << 20, Optional.empty()));
      }
      Optional<Message> answer = client.receive();
      while (answer.isPresent() && answer.get() instanceof Message.Bare) {
        answer = client.receive();
      }
      assertThat(answer).containsInstanceOf(Message.Failed.class);
      assertThat(client.receive()).isEmpty();
    }
  }

  @Test
  void moreConnectionsThanAllowedAreRefusedByPeerAndInAll() {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        clients.add(RawClient.connect(site.port()).hello());
      }
      RawClient fifth = RawClient.connect(site.port());
      clients.add(fifth);
      assertThat(helloAnswer(fifth))
          .get()
          .satisfies(
              answer ->
                  assertThat(((Message.Failed) answer).code())
                      .isEqualTo(ErrorCode.LIMIT_REACHED.number()));
    } finally {
      clients.forEach(RawClient::close);
    }
  }

  @Test
  void noiseDoesNoHarm() {
    SplittableRandom random = new SplittableRandom(11);
    for (int round = 0; round < 20; round++) {
      awaitPlace();
      byte[] noise = new byte[1 + random.nextInt(5000)];
      random.nextBytes(noise);
      noise[0] = 0;
      noise[1] = 0;
      noise[4] = (byte) (0x10 + random.nextInt(16));
      try (RawClient client = RawClient.connect(site.port()).hello()) {
        client.send(noise);
        client.receive();
      } catch (java.io.UncheckedIOException closedWhileSending) {
        assertThat(closedWhileSending).isNotNull();
      }
    }
  }

  private static Optional<Message> helloAnswer(RawClient client) {
    try {
      client.send(0, new Message.Hello(1, 1, Site.REPOSITORY));
      return client.receive();
    } catch (java.io.UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /** Waits until the server has noticed that earlier clients are gone. */
  private void awaitPlace() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() - end < 0) {
      try (RawClient client = RawClient.connect(site.port())) {
        if (helloAnswer(client).filter(Message.Welcome.class::isInstance).isPresent()) {
          return;
        }
      }
    }
    throw new AssertionError("the server lets nobody in any more");
  }
}
