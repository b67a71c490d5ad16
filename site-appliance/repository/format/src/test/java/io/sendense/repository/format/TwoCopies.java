package io.sendense.repository.format;

import static io.sendense.repository.format.Fixture.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;

/**
 * Two points in a repository and their copies in another of the tenant, to damage the first of
 * them.
 */
abstract class TwoCopies {
  static final int CHUNKS = 300;

  final Fixture fixture = new Fixture();
  final SplittableRandom random = new SplittableRandom(77);
  final byte[] one = Fixture.compressible(random, CHUNKS * CHUNK);
  final byte[] two = one.clone();
  Repository far;
  RestorePoint first;
  RestorePoint second;

  @BeforeEach
  void twoPointsAndTheirCopies() {
    Repository near = fixture.init();
    first = fixture.backUp(near, Optional.empty(), one);
    for (int chunk = 5; chunk < CHUNKS; chunk += 40) {
      System.arraycopy(Fixture.compressible(random, CHUNK), 0, two, chunk * CHUNK, CHUNK);
    }
    second = fixture.backUp(near, Optional.of(first.id()), two);
    far =
        Repository.init(
            new MemoryObjectStore(fixture.clock),
            RepositorySecret.key(Fixture.filled(32, 9)),
            RepositorySettings.defaults().withIdentity(near.identity()),
            fixture.environment);
    for (RestorePoint point : List.of(first, second)) {
      PointCopy copy = far.copyFrom(near, point.id());
      copy.run(point.annotations(), 2, copy.bytesToCompare(), b -> {}, (d, t) -> {});
    }
  }

  static VerifyReport verify(Repository repository) {
    return repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE);
  }

  void assertWhole(OrderRules store) {
    Repository opened = fixture.open(store);
    assertThat(Fixture.readDisk(opened, first.id(), 0)).isEqualTo(one);
    assertThat(Fixture.readDisk(opened, second.id(), 0)).isEqualTo(two);
    assertThat(verify(opened).findings()).isEmpty();
    assertThat(opened.verify(VerifyOptions.structure(), VerifyReport.Progress.NONE).findings())
        .isEmpty();
  }

  /** A pack of chunks that both points need. */
  ObjectName chunkPack() {
    SealedRepository opened = (SealedRepository) fixture.open();
    TreeReader tree = opened.tree(Optional.of(opened.load(first.id())), first.disks().getFirst());
    return java.util.Objects.requireNonNull(tree.chunk(0)).at().pack().objectName();
  }

  List<ObjectName> packs() {
    return fixture.memory.list("packs").stream().map(pack -> pack.name()).toList();
  }

  /** A copy of the store that lacks one object. */
  OrderRules without(ObjectName name) {
    MemoryObjectStore copy = new MemoryObjectStore(fixture.clock);
    Fixture.objects(fixture.memory).forEach((each, bytes) -> copy.put(new ObjectName(each), bytes));
    copy.delete(name);
    return new OrderRules(copy);
  }
}
