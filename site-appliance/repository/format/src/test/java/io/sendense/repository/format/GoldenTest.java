package io.sendense.repository.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.repository.memory.MemoryObjectStore;
import io.sendense.repository.spi.ObjectName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Repositories written by every format version open for ever. Golden files are never changed. */
class GoldenTest {
  private static final Path V1 = Path.of("src/test/resources/golden/v1");
  private static final RepositorySecret KEY = RepositorySecret.key(Fixture.filled(32, 1));
  private static final RootHash FIRST_ROOT =
      new RootHash("4123cbdf7aec33838c6f59d3658ebe92cea102055954726b4247ed6318f7e9e8");
  private static final RootHash SECOND_ROOT =
      new RootHash("33f76ae70b13342f4a78008335a897aa5114c8b08390fc81cd33634677da22da");

  @Test
  void versionOneOpensWithItsKeyFileAndItsPassphrase() {
    MemoryObjectStore store = load();
    Environment environment = new Fixture().environment;
    for (RepositorySecret secret :
        List.of(KEY, RepositorySecret.passphrase("golden passphrase".toCharArray()))) {
      Repository repository = Repository.open(store, secret, environment);
      List<RestorePoint> points = repository.points();

      assertThat(points).hasSize(2);
      assertThat(points.getFirst().disks().getFirst().root()).isEqualTo(FIRST_ROOT);
      assertThat(points.getLast().disks().getFirst().root()).isEqualTo(SECOND_ROOT);
      assertThat(points.getLast().parent()).contains(points.getFirst().id());
      assertThat(points.getLast().annotations()).containsEntry("baseline", "bitmap-2");
      assertThat(Fixture.readDisk(repository, points.getFirst().id(), 0)).isEqualTo(first());
      assertThat(Fixture.readDisk(repository, points.getLast().id(), 0)).isEqualTo(second());
      assertThat(
              repository.verify(VerifyOptions.everything(), VerifyReport.Progress.NONE).findings())
          .isEmpty();
    }
    assertThat(OperatorCheck.run(store, VerifyReport.Progress.NONE).findings()).isEmpty();
  }

  /** Run once, by hand, when a format version is made; its output is committed. */
  static void main(String[] args) {
    MemoryObjectStore store = new MemoryObjectStore(InstantSource.system());
    Fixture fixture = new Fixture();
    Repository repository = Repository.init(store, KEY, Fixture.settings(), fixture.environment);
    repository.keys().add(RepositorySecret.passphrase("golden passphrase".toCharArray()));
    PointId id = write(fixture, repository, Optional.empty(), first(), "bitmap-1");
    write(fixture, repository, Optional.of(id), second(), "bitmap-2");
    repository.points().forEach(p -> System.out.println(p.disks().getFirst().root()));
    Fixture.objects(store)
        .forEach(
            (name, content) -> {
              try {
                Path file = Path.of(args[0]).resolve(name);
                Files.createDirectories(file.resolve(".."));
                Files.write(file, content);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private static PointId write(
      Fixture fixture,
      Repository repository,
      Optional<PointId> parent,
      byte[] content,
      String baseline) {
    try (PointWriter writer = repository.beginPoint(fixture.draft(parent, content.length))) {
      for (int chunk = 0; (long) chunk * Fixture.CHUNK < content.length; chunk++) {
        Fixture.writeChunk(writer, 0, content, chunk);
      }
      return writer.seal(Map.of("baseline", baseline)).id();
    }
  }

  /** Zeros, text that compresses and a little that does not. */
  private static byte[] first() {
    byte[] content = new byte[131 * Fixture.CHUNK + 1000];
    for (int i = 0; i < 2 * Fixture.CHUNK; i++) {
      content[i] = (byte) ("sendense golden ".charAt(i % 16) + i / 20_000);
    }
    byte[] noise = Fixture.random(new SplittableRandom(42), Fixture.CHUNK);
    System.arraycopy(noise, 0, content, 5 * Fixture.CHUNK, noise.length);
    content[content.length - 1] = 9;
    return content;
  }

  private static byte[] second() {
    byte[] content = Arrays.copyOf(first(), 130 * Fixture.CHUNK + 77);
    content[100] = 'X';
    return content;
  }

  private static MemoryObjectStore load() {
    MemoryObjectStore store = new MemoryObjectStore(InstantSource.system());
    try (Stream<Path> files = Files.walk(V1)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        store.put(new ObjectName(V1.relativize(file).toString()), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return store;
  }
}
