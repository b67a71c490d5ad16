package io.sendense.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.fs.Lookup;
import io.sendense.recovery.out.Copier;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** btrfs as the kernel wrote it (golden/make.sh), and as mkfs.btrfs makes it. */
@Tag("server")
class BtrfsTest {
  private static final int SUPER = 64 << 10;

  @TempDir Path folder;

  @Test
  void aCopyIsWhatTheKernelAndTarSawInIt() throws IOException {
    Path image = Golden.file(folder, "btrfs.img");
    Copier.Outcome outcome = Reading.copy(image, folder.resolve("copy"));

    // The read-only snapshot, the file system and what is neither file nor folder in both.
    assertThat(outcome.losses().failures())
        .hasSize(6)
        .allSatisfy(text -> assertThat(text).containsAnyOf("pipe", "-device"));
    Set<Trees.What> what = EnumSet.allOf(Trees.What.class);
    Map<String, String> expected = Trees.describe(Golden.untarred(folder, "btrfs.tar"), what);
    // A property of btrfs's own, which no other file system takes.
    expected.replaceAll((_, text) -> text.replaceAll(" btrfs\\.compression=\\S+", ""));
    Map<String, String> copied = Trees.describe(folder.resolve("copy/all"), what);
    // Linux gives the time of the first look to what stands for a subvolume in a snapshot.
    assertThat(withoutTimes(copied)).containsExactlyEntriesOf(withoutTimes(expected));
    try (FileSource source = new FileSource(image)) {
      assertThat(FileSystems.open(source).notes()).isEmpty();
      assertThat(FileSystems.open(source).label()).isEqualTo("butter");
    }
  }

  private static Map<String, String> withoutTimes(Map<String, String> described) {
    Map<String, String> shown = new TreeMap<>(described);
    shown.replaceAll(
        (path, text) ->
            path.matches("snapshot/inner|snapshots/of-all/(packed-.+|outer|snapshot)")
                ? text.replaceAll(" time \\d+", "")
                : text);
    return shown;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--csum crc32c -n 4096",
        "--csum xxhash -m single",
        "--csum sha256 -O ^no-holes -m dup -d dup",
        "--csum blake2 -n 65536",
        "--mixed",
      })
  void whatMkfsPutsInIsReadBack(String options) throws IOException {
    Path source = Sample.linux(folder.resolve("source"));
    Path image = image(source, options);

    Copier.Outcome outcome = Reading.copy(image, folder.resolve("copy"));

    Map<String, String> expected = Trees.describe(source, Trees.ALL);
    assertThat(expected.remove("level0/pipe")).isNotNull();
    assertThat(outcome.losses().failures()).singleElement().asString().contains("level0/pipe");
    assertThat(Trees.describe(folder.resolve("copy/all"), Trees.ALL))
        .containsExactlyEntriesOf(expected);
  }

  @Test
  void theDefaultSubvolumeIsShownAndTheOthersAreReached() throws IOException {
    try (FileSource source = new FileSource(Golden.file(folder, "btrfs-dirty.img"))) {
      GuestFileSystem system = FileSystems.open(source);

      assertThat(Reading.names(system.root())).contains("early").doesNotContain("beside");
      assertThat(system.notes()).anySatisfy(note -> assertThat(note).contains("default subvolume"));
      assertThat(text(system, "/<FS_TREE>/beside/file")).isEqualTo("two\n");
      assertThat(system.root().child(GuestName.of("early"))).isPresent();
    }
  }

  @Test
  void aLogTreeThatWasNotEmptiedIsNoted() throws IOException {
    try (FileSource source = new FileSource(Golden.file(folder, "btrfs-dirty.img"))) {
      assertThat(FileSystems.open(source).notes())
          .anySatisfy(note -> assertThat(note).contains("log tree was not empty"));
    }
  }

  @Test
  void aDamagedSuperBlockIsReplacedByItsMirror() throws IOException {
    Path image = image(Sample.plain(folder.resolve("source")), "--csum crc32c");
    overwrite(image, SUPER + 0x90, (byte) 3);

    try (FileSource source = new FileSource(image)) {
      GuestFileSystem system = FileSystems.open(source);
      assertThat(system.notes()).singleElement().asString().contains("mirror");
      assertThat(text(system, "/small")).isEqualTo("a few words\n");
    }
  }

  @Test
  void oneDamagedCopyOfTwoCostsNothingAndBothAreAnError() throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    String words = "the content of a file that is looked for; ".repeat(200);
    Sample.write(source.resolve("file"), words.getBytes(StandardCharsets.UTF_8));
    Path image = image(source, "-m dup -d dup");
    List<Long> places = places(image, words.substring(0, 400));
    assertThat(places).hasSize(2);

    overwrite(image, places.getFirst() + 5000, (byte) '!');
    assertThat(read(image, "/file")).isEqualTo(words);

    overwrite(image, places.getLast() + 5000, (byte) '!');
    assertThatThrownBy(() -> read(image, "/file"))
        .isInstanceOf(SendenseException.class)
        .hasMessageContaining("checksums");
  }

  @Test
  void ofTwoDevicesOneIsReadWhereItHoldsAllAndTheOtherIsNamed() {
    try (FileSource disk = new FileSource(ofTwo("raid1"))) {
      GuestFileSystem system = FileSystems.open(disk);
      assertThat(system.notes()).singleElement().asString().contains("has 2 devices");
      assertThat(Reading.names(system.root())).isEmpty();
    }
    Path first = ofTwo("raid0");
    assertThat(List.of(error(first), error(folder.resolve("raid0-2"))))
        .anySatisfy(text -> assertThat(text).containsPattern("lies on device [12] of"));
  }

  private static String error(Path image) {
    try (FileSource disk = new FileSource(image)) {
      FileSystems.open(disk).root().attributes();
      return "";
    } catch (SendenseException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private Path ofTwo(String profile) {
    Path first = folder.resolve(profile + "-1");
    Path second = folder.resolve(profile + "-2");
    Tools.run("truncate", "-s", "256M", first, second);
    Tools.run("mkfs.btrfs", "-q", "-f", "-m", profile, "-d", profile, first, second);
    return first;
  }

  @Test
  void aDamagedImageEndsInAClearErrorOrIsRead() throws IOException {
    byte[] image = Files.readAllBytes(Golden.file(folder, "btrfs.img"));
    List<Integer> places = Hostile.metadata(image);
    for (int seed = 0; seed < 300; seed++) {
      Reading.everything(new Hostile(image, places, seed), 300);
    }
  }

  /** With its checksums made right again, so that damage is met by what comes behind them. */
  @Test
  void aCraftedImageEndsInAClearErrorOrIsRead() throws IOException {
    Path source = Files.createDirectory(folder.resolve("source"));
    for (int i = 0; i < 60; i++) {
      Sample.write(
          Files.createDirectories(source.resolve("d" + i % 5)).resolve("f" + i), new byte[i * 100]);
    }
    Tools.run("setfattr", "-n", "user.long", "-v", "x".repeat(900), source.resolve("d1"));
    byte[] image = Files.readAllBytes(image(source, "-m single -d single -n 4096"));
    List<Integer> nodes = Crafted.nodes(image);
    assertThat(nodes).hasSizeGreaterThan(8);
    for (int seed = 0; seed < 700; seed++) {
      Crafted crafted = new Crafted(image, nodes, seed);
      Reading.everything(crafted, 300);
    }
  }

  private static String read(Path image, String path) {
    try (FileSource source = new FileSource(image)) {
      return text(FileSystems.open(source), path);
    }
  }

  private static String text(GuestFileSystem system, String path) {
    Content content = new Lookup(system).find(path, true).content();
    ByteBuffer bytes = ByteBuffer.allocate((int) content.sizeBytes());
    content.read(0, bytes);
    return new String(bytes.array(), StandardCharsets.UTF_8);
  }

  private static List<Long> places(Path image, String text) throws IOException {
    String all = new String(Files.readAllBytes(image), StandardCharsets.ISO_8859_1);
    List<Long> found = new ArrayList<>();
    for (int at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + 16_384)) {
      found.add((long) at);
    }
    return found;
  }

  private static void overwrite(Path image, long at, byte value) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(at);
      file.write(value);
    }
  }

  private Path image(Path source, String options) throws IOException {
    Path image = folder.resolve("image");
    Files.deleteIfExists(image);
    List<Object> arguments = new ArrayList<>(List.of("-q", "-f", "-b", "256M"));
    arguments.addAll(List.of("--rootdir", source));
    arguments.addAll(List.of(options.split(" ")));
    arguments.add(image);
    Tools.run("truncate", "-s", "256M", image);
    Tools.run("mkfs.btrfs", arguments.toArray());
    return image;
  }
}
