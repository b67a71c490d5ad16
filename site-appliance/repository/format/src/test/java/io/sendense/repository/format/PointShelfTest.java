package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.spi.ForwardingObjectStore;
import io.sendense.repository.spi.ObjectName;
import io.sendense.repository.spi.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an open repository remembers of its points, and what it asks the store again. */
class PointShelfTest {
  private static final int MANY = 40;

  private final Fixture fixture = new Fixture();
  private final Repository writer = fixture.init();
  private final Counting store = new Counting(fixture.memory);
  private final Repository reader = fixture.open(store);

  @Test
  void aPointThatWasReadIsNotReadAgain() {
    RestorePoint point = backUp();
    assertThat(reader.points()).containsExactly(point);
    store.got.clear();
    assertThat(reader.points()).containsExactly(point);
    assertThat(store.got).isEmpty();
  }

  @Test
  void manyPointsComeInTheSameOrderAsFew() {
    List<RestorePoint> made = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      made.add(backUp());
    }
    assertThat(reader.points()).containsExactlyElementsOf(made);
    assertThat(store.got).hasSize(MANY);
    assertThat(reader.points()).containsExactlyElementsOf(made);
    assertThat(store.got).hasSize(MANY);
  }

  @Test
  void aDeletedPointIsGivenNoMore() {
    RestorePoint kept = backUp();
    RestorePoint marked = backUp();
    RestorePoint gone = backUp();
    assertThat(reader.points()).hasSize(3);
    writer.deletePoint(marked.id(), "for the test");
    fixture.memory.delete(PointObject.name(gone.id()));
    assertThat(reader.points()).containsExactly(kept);
  }

  @Test
  void anObjectThatCameInAnothersPlaceIsReadAndItsDamageTold() {
    RestorePoint point = backUp();
    assertThat(reader.catalogue().damaged()).isEmpty();
    ObjectName name = PointObject.name(point.id());
    byte[] content = fixture.memory.get(name, PointObject.BYTES_MAX);
    content[content.length / 2] ^= 1;
    fixture.memory.delete(name);
    fixture.clock.advance(Duration.ofSeconds(1));
    fixture.memory.put(name, content);
    assertThat(reader.points()).isEmpty();
    assertThat(reader.catalogue().damaged())
        .extracting(VerifyReport.Finding::object)
        .containsExactly(name.value());
  }

  @Test
  void whoHealsLooksAtEveryObjectAgain() {
    RestorePoint point = backUp();
    reader.points();
    store.got.clear();
    assertThat(((SealedRepository) reader).catalogue(true).points()).containsExactly(point);
    assertThat(store.got).containsExactly(PointObject.name(point.id()));
  }

  private RestorePoint backUp() {
    fixture.clock.advance(Duration.ofSeconds(1));
    try (PointWriter point = writer.beginPoint(fixture.draft(Optional.empty(), Fixture.CHUNK))) {
      return point.seal(Map.of());
    }
  }

  /** Notes which points were read. */
  private static final class Counting extends ForwardingObjectStore {
    private final List<ObjectName> got = Collections.synchronizedList(new ArrayList<>());

    Counting(ObjectStore inner) {
      super(inner);
    }

    @Override
    public byte[] get(ObjectName name, int bytesMax) {
      if (PointObject.idOf(name).isPresent()) {
        got.add(name);
      }
      return super.get(name, bytesMax);
    }
  }
}
