package io.sendense.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.recovery.fs.Lookup;
import io.sendense.recovery.out.Copier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FAT as mkfs.vfat makes it and mtools fills it. */
@Tag("server")
class FatTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"12, 8M, 8", "16, 128M, 8", "32, 128M, 1", "32, 300M, 8"})
  void aCopyIsTheSourceByteForByte(int width, String size, String sectors) throws IOException {
    Path source = source(width == 12 ? 20 : 400);
    Path image = image(source, width, size, sectors);

    Copier.Outcome outcome = Reading.copy(image, folder.resolve("copy"));

    assertThat(outcome.losses().failures()).isEmpty();
    Map<String, String> copied = Trees.describe(folder.resolve("copy/all"), Set.of());
    assertThat(copied).containsExactlyEntriesOf(Trees.describe(source, Set.of()));
    try (FileSource file = new FileSource(image)) {
      assertThat(FileSystems.open(file).type()).isEqualTo("FAT" + width);
      assertThat(FileSystems.open(file).label()).isEqualTo("STICK");
      assertThat(
              new Lookup(FileSystems.open(file))
                  .find("/FOLDER/entry Number 7", false)
                  .attributes()
                  .modified())
          .isEqualTo(Instant.parse("2021-03-04T05:06:08Z"));
    }
  }

  @Test
  void aDamagedImageEndsInAClearErrorOrIsRead() throws IOException {
    byte[] image = Files.readAllBytes(image(source(20), 12, "4M", "4"));
    List<Integer> places = Hostile.metadata(image);
    for (int seed = 0; seed < 500; seed++) {
      Reading.everything(new Hostile(image, places, seed), 300);
    }
  }

  private Path source(int count) throws IOException {
    Random random = new Random(1);
    Path source = Files.createDirectories(folder.resolve("source"));
    Path inner = Files.createDirectories(source.resolve("folder/one/two"));
    Sample.write(source.resolve("SHORT.TXT"), Sample.random(random, 100));
    Sample.write(source.resolve("lower.txt"), Sample.random(random, 5000));
    Sample.write(source.resolve("a name longer than eight and three.text"), new byte[0]);
    Sample.write(source.resolve("Übergröße-日本語.txt"), Sample.random(random, 70_000));
    Sample.write(source.resolve("n".repeat(200)), Sample.random(random, 10));
    Sample.write(inner.resolve("bottom"), Sample.random(random, 1_000_001));
    for (int i = 0; i < count; i++) {
      Path file = source.resolve("folder/entry number " + i);
      Sample.write(file, Sample.random(random, i * 90));
      Sample.time(file, Instant.parse("2021-03-04T05:06:08Z"));
    }
    return source;
  }

  private Path image(Path source, int width, String size, String sectors) throws IOException {
    Path image = folder.resolve("image");
    Tools.run("truncate", "-s", size, image);
    Tools.run("mkfs.vfat", "-F", width, "-s", sectors, "-n", "STICK", image);
    // Holes between files that are deleted again, so that others are scattered over them.
    for (int i = 0; i < 6; i++) {
      mtools("mcopy", "-i", image, source.resolve("Übergröße-日本語.txt"), "::hole" + i);
    }
    for (int i = 0; i < 6; i += 2) {
      mtools("mdel", "-i", image, "::hole" + i);
    }
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.sorted().toList()) {
        mtools("mcopy", "-s", "-m", "-i", image, file, "::");
      }
    }
    for (int i = 1; i < 6; i += 2) {
      mtools("mdel", "-i", image, "::hole" + i);
    }
    return image;
  }

  private static void mtools(String tool, Object... arguments) {
    List<Object> all = new java.util.ArrayList<>(List.of("TZ=UTC", "LC_ALL=C.UTF-8"));
    all.add(io.sendense.testkit.Peers.require(tool));
    all.addAll(List.of(arguments));
    Tools.run("env", all.toArray());
  }
}
