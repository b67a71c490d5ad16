package io.sendense.repository.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import io.sendense.repository.spi.StoreFailure;
import io.sendense.repository.testkit.FaultyObjectStore;
import io.sendense.repository.testkit.FaultyObjectStore.Operation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("server")
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class BadLineTest {
  private static final int LENGTH = 700_000;

  private final MemoryObjectStore behind = new MemoryObjectStore(InstantSource.system());
  private final byte[] content = new byte[LENGTH];

  BadLineTest() {
    new SplittableRandom(5).nextBytes(content);
  }

  @Test
  void aLineCutAnywhereLeavesEachObjectWholeOrAbsentAndTheNextCallWorks() {
    int cuts = 0;
    int lost = 0;
    int whole = 0;
    try (Site site = Site.start(behind);
        PortForward line = PortForward.to(site.port());
        ObjectStore store = open(line, Duration.ofSeconds(30))) {
      for (CutAt cut : places(store, line)) {
        ObjectName name = new ObjectName("cut/" + cuts++);
        line.cutAfter(cut.toServer(), cut.toClient());
        try {
          store.put(name, content);
          assertThat(store.get(name, LENGTH)).isEqualTo(content);
        } catch (SendenseException e) {
          lost++;
          assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
        line.cutAfter(Long.MAX_VALUE, Long.MAX_VALUE);
        if (again(store, name) == ErrorCode.ALREADY_EXISTS) {
          whole++;
        }
        assertThat(behind.get(name, LENGTH)).isEqualTo(content);
      }
    }
    assertThat(lost).isGreaterThan(cuts / 2);
    assertThat(whole).isBetween(1, cuts - 1);
  }

  @Test
  void aLineThatGoesSilentIsGivenUpByBothSides() {
    AtomicInteger puts = new AtomicInteger();
    FaultyObjectStore counting =
        new FaultyObjectStore(
            behind,
            (what, name, done) -> {
              if (what == Operation.PUT && !done) {
                puts.incrementAndGet();
              }
            });
    try (Site site =
            Site.start(counting, o -> o.withWaits(Site.SHORT, Site.SHORT, Site.SHORT, Site.SHORT));
        PortForward line = PortForward.to(site.port());
        ObjectStore store = open(line, Duration.ofSeconds(1))) {
      store.put(new ObjectName("before"), content);
      line.goSilent();

      failed(() -> store.put(new ObjectName("after"), content), ErrorCode.STORE_UNAVAILABLE);
    }
    assertThat(puts).hasValue(1);
  }

  @Test
  void aServerThatWasStartedAgainServesTheNextCall() {
    List<Grant> grants = List.of(Site.grant("site-b", behind, Site.EVERYTHING));
    Site first = Site.start(grants, 0, UnaryOperator.identity(), true);
    try (ObjectStore store = first.client()) {
      store.put(new ObjectName("a"), content);
      int port = first.port();
      first.close();
      failed(() -> store.get(new ObjectName("a"), LENGTH), ErrorCode.STORE_UNAVAILABLE);

      try (Site second = Site.start(grants, port, UnaryOperator.identity(), true)) {
        assertThat(store.get(new ObjectName("a"), LENGTH)).isEqualTo(content);
        assertThat(second.port()).isEqualTo(port);
      }
    }
  }

  @Test
  void nobodyThereIsSaidSo() {
    Site gone = Site.start(behind);
    gone.close();

    failed(gone::client, ErrorCode.STORE_UNAVAILABLE);
  }

  @Test
  void aFarStoreThatIsFullSaysSoAndKeepsNothing() {
    ObjectStore full =
        new FaultyObjectStore(
            behind,
            (what, name, done) -> {
              if (what == Operation.PUT && !done) {
                throw StoreFailure.noSpace("memory", new ObjectName(name), null);
              }
            });
    try (Site site = Site.start(full);
        ObjectStore store = site.client()) {
      failed(() -> store.put(new ObjectName("big"), content), ErrorCode.NO_SPACE);
      failed(() -> store.put(new ObjectName("small"), new byte[1]), ErrorCode.NO_SPACE);
      assertThat(store.list("")).isEmpty();
    }
  }

  @Test
  void aCallThatTakesTooLongFailsAndTheConnectionServesTheOthers() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    ObjectStore slow =
        new FaultyObjectStore(
            behind,
            (what, name, done) -> {
              if (name.equals("slow") && what == Operation.STAT) {
                try {
                  assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            });
    try (Site site = Site.start(slow)) {
      RemoteStoreOptions hasty =
          Site.options(site.port())
              .withConnections(1)
              .withWaits(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(30));
      try (ObjectStore store = RemoteObjectStore.open(hasty, Site.PKI.client("site-b"))) {
        failed(() -> store.stat(new ObjectName("slow")), ErrorCode.DEADLINE_EXCEEDED);
        assertThat(store.stat(new ObjectName("quick"))).isEmpty();
        release.countDown();
        assertThat(store.stat(new ObjectName("slow"))).isEmpty();
      }
    }
  }

  @Test
  void aListingWhoseReaderFailsIsStoppedAndTheConnectionServesOn() {
    for (int i = 0; i < 5000; i++) {
      behind.put(new ObjectName("many/" + i), new byte[0]);
    }
    try (Site site = Site.start(behind);
        ObjectStore store = site.client()) {
      for (int round = 0; round < 40; round++) {
        assertThatThrownBy(
                () ->
                    store.list(
                        "",
                        object -> {
                          throw new IllegalStateException("enough");
                        }))
            .hasMessage("enough");
      }
      assertThat(store.list("")).hasSize(5000);
    }
  }

  /** After how many bytes the line is cut. */
  private record CutAt(long toServer, long toClient) {}

  /** Every 7,001 bytes of one put upwards, then of one get downwards, handshakes included. */
  private List<CutAt> places(ObjectStore store, PortForward line) {
    line.cut();
    line.cutAfter(Long.MAX_VALUE, Long.MAX_VALUE);
    ObjectName probe = new ObjectName("probe");
    again(store, probe);
    long up = line.sentToServer();
    long putDown = line.sentToClient();
    assertThat(store.get(probe, LENGTH)).isEqualTo(content);
    List<CutAt> all = new ArrayList<>();
    for (long at = 1; at < up; at += 7001) {
      all.add(new CutAt(at, Long.MAX_VALUE));
    }
    for (long at = 1; at < line.sentToClient(); at += at < 2 * putDown ? 97 : 20_011) {
      all.add(new CutAt(Long.MAX_VALUE, at));
    }
    return all;
  }

  /** Puts until the line is up again; what the first answer over the new line was. */
  private ErrorCode again(ObjectStore store, ObjectName name) {
    for (int attempt = 0; ; attempt++) {
      try {
        store.put(name, content);
        return ErrorCode.NOT_FOUND;
      } catch (SendenseException e) {
        if (e.code() == ErrorCode.ALREADY_EXISTS) {
          return e.code();
        }
        assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(attempt).isLessThan(5);
      }
    }
  }

  private static ObjectStore open(PortForward line, Duration silence) {
    return RemoteObjectStore.open(
        Site.options(line.port())
            .withConnections(1)
            .withWaits(Duration.ofSeconds(10), Duration.ofSeconds(60), silence),
        Site.PKI.client("site-b"));
  }

  private static void failed(ThrowingCallable action, ErrorCode code) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            SendenseException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
