package io.sendense.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.fs.Content;
import io.sendense.recovery.fs.GuestFile;
import io.sendense.recovery.fs.GuestFileSystem;
import io.sendense.recovery.fs.Lookup;
import io.sendense.recovery.out.Copier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NTFS as ntfs-3g wrote it (golden/make.sh), and as mkntfs makes it. */
@Tag("server")
class NtfsTest {
  @TempDir Path folder;

  @Test
  void aCopyIsWhatNtfs3gAndTarSawInIt() throws IOException {
    Path image = Golden.file(folder, "ntfs.img");
    Copier.Outcome outcome = Reading.copy(image, folder.resolve("copy"));

    assertThat(outcome.losses().failures()).isEmpty();
    assertThat(outcome.losses().notKept()).containsKey("alternate streams");
    Set<Trees.What> what = Set.of(Trees.What.TIME, Trees.What.LINKS);
    assertThat(Trees.describe(folder.resolve("copy/all"), what))
        .containsExactlyEntriesOf(Trees.describe(Golden.untarred(folder, "ntfs.tar"), what));
    try (FileSource source = new FileSource(image)) {
      GuestFileSystem system = FileSystems.open(source);
      assertThat(system.label()).isEqualTo("new");
      GuestFile.Stream stream = new Lookup(system).find("/SMALL", false).streams().getFirst();
      assertThat(stream.name()).isEqualTo("stream");
      assertThat(text(stream.content())).isEqualTo("in a stream");
    }
  }

  @Test
  void whatNtfscpPutsInIsReadBackWithEverySizeOfRecordAndCluster() throws IOException {
    for (String cluster : List.of("512", "4096", "65536")) {
      Path image = folder.resolve("image" + cluster);
      Tools.run("truncate", "-s", "40M", image);
      Tools.run("mkntfs", "-q", "-F", "-c", cluster, image);
      Path file = folder.resolve("file" + cluster);
      Sample.write(file, Sample.random(new Random(3), 1_234_567));
      Tools.run("ntfscp", "-f", "-q", image, file, "put.bin");

      Reading.copy(image, folder.resolve("copy" + cluster));

      assertThat(folder.resolve("copy" + cluster + "/all/put.bin")).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void aRecordThatWasWrittenOnlyInPartIsAClearError() throws IOException {
    Path image = Golden.file(folder, "ntfs.img");
    byte[] bytes = Files.readAllBytes(image);
    int record = find(bytes, "small".getBytes(StandardCharsets.UTF_16LE)) / 1024 * 1024;
    bytes[record + 510] ^= 1;
    Files.write(image, bytes);
    try (FileSource source = new FileSource(image)) {
      Lookup lookup = new Lookup(FileSystems.open(source));
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> lookup.find("/small", false))
          .isInstanceOfSatisfying(
              SendenseException.class,
              e -> assertThat(e).hasMessageContaining("written only in part"));
    }
  }

  @Test
  void aDamagedImageEndsInAClearErrorOrIsRead() throws IOException {
    byte[] image = Files.readAllBytes(Golden.file(folder, "ntfs.img"));
    List<Integer> places = Hostile.metadata(image);
    for (int seed = 0; seed < 200; seed++) {
      Reading.everything(new Hostile(image, places, seed), 200);
    }
  }

  /** In a file record, not in an index. */
  private static int find(byte[] bytes, byte[] wanted) {
    for (int record = 0; record + 1024 <= bytes.length; record += 1024) {
      if (bytes[record] == 'F' && bytes[record + 1] == 'I' && bytes[record + 22] == 1) {
        for (int at = record; at + wanted.length <= record + 1024; at += 2) {
          if (java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
            return at;
          }
        }
      }
    }
    throw new AssertionError("no record holds it");
  }

  private static String text(Content content) {
    byte[] all = new byte[(int) content.sizeBytes()];
    content.read(0, ByteBuffer.wrap(all));
    return new String(all, StandardCharsets.UTF_8);
  }
}
