package io.sendense.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.recovery.out.Copier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** XFS as the kernel wrote it (golden/make.sh), and as mkfs.xfs makes it. */
@Tag("server")
class XfsTest {
  @TempDir Path folder;

  @Test
  void aCopyIsWhatTheKernelAndTarSawInIt() throws IOException {
    Path image = Golden.file(folder, "xfs5.img");
    Copier.Outcome outcome = Reading.copy(image, folder.resolve("copy"));

    assertThat(outcome.losses().failures()).singleElement().asString().contains("pipe");
    Set<Trees.What> what = EnumSet.allOf(Trees.What.class);
    Map<String, String> expected = Trees.describe(Golden.untarred(folder, "xfs5.tar"), what);
    // The kernel shows an ACL a second time, in XFS's own words.
    expected.replaceAll((_, text) -> text.replaceAll(" trusted\\.SGI_ACL_\\w+=\\S+", ""));
    assertThat(Trees.describe(folder.resolve("copy/all"), what)).containsExactlyEntriesOf(expected);
    try (FileSource source = new FileSource(image)) {
      assertThat(FileSystems.open(source).notes()).isEmpty();
      assertThat(FileSystems.open(source).label()).isEqualTo("five");
    }
  }

  @Test
  void aLogThatWasNotEmptiedIsNoted() throws IOException {
    try (FileSource source = new FileSource(Golden.file(folder, "xfs5-dirty.img"))) {
      assertThat(FileSystems.open(source).notes())
          .singleElement()
          .asString()
          .contains("log was not empty");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-m crc=0 -n ftype=0",
        "-m crc=0 -n size=16384,ftype=1 -b size=1024",
        "-m crc=1 -i size=1024",
        "-m crc=1,bigtime=0 -n size=65536",
      })
  void whatMkfsPutsInIsReadBack(String options) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source"));
    // Of version 5 mkfs.xfs 6.1 itself makes only such that fit into the inode, and damaged ones
    // else.
    int longest = options.contains("crc=0") ? 600 : 300;
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 700; i++) {
      Sample.write(
          source.resolve("file-" + i),
          ("content of " + i).repeat(i).getBytes(StandardCharsets.UTF_8));
      many.append("file-")
          .append(i)
          .append(" ---644 0 0 ")
          .append(source.resolve("file-" + i))
          .append('\n');
    }
    Path proto = folder.resolve("proto");
    Files.writeString(
        proto,
        """
        /boot/none
        0 0
        d--755 0 0
        folder d--750 7 8
        %s$
        link l--777 0 0 folder/file-3
        long l--777 0 0 %s
        suid -u-755 1 2 %s
        $
        """
            .formatted(many, "x".repeat(longest), source.resolve("file-9")));
    Path image = folder.resolve("image");
    List<Object> arguments = new ArrayList<>(List.of("-q", "-p", proto));
    arguments.addAll(List.of(options.split(" ")));
    arguments.addAll(List.of("-d", "file,size=320m,name=" + image));
    Tools.run("mkfs.xfs", arguments.toArray());

    Copier.Outcome outcome = Reading.copy(image, folder.resolve("copy"));

    assertThat(outcome.losses().failures()).isEmpty();
    Path copy = folder.resolve("copy/all");
    for (int i = 0; i < 700; i++) {
      assertThat(copy.resolve("folder/file-" + i))
          .hasSameBinaryContentAs(source.resolve("file-" + i));
    }
    assertThat(Files.readSymbolicLink(copy.resolve("link"))).hasToString("folder/file-3");
    assertThat(Files.readSymbolicLink(copy.resolve("long"))).hasToString("x".repeat(longest));
    assertThat(Trees.describe(copy, Set.of(Trees.What.MODE)).get("suid")).startsWith("104755 ");
  }

  @Test
  void aDamagedImageEndsInAClearErrorOrIsRead() throws IOException {
    byte[] image = Files.readAllBytes(Golden.file(folder, "xfs5.img"));
    List<Integer> places = Hostile.metadata(image);
    for (int seed = 0; seed < 300; seed++) {
      Reading.everything(new Hostile(image, places, seed), 300);
    }
  }
}
