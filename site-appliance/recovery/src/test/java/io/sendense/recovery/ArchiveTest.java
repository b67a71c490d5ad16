package io.sendense.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sendense.recovery.block.CachedSource;
import io.sendense.recovery.fs.GuestName;
import io.sendense.recovery.out.Copier;
import io.sendense.recovery.out.Losses;
import io.sendense.recovery.out.Sink;
import io.sendense.recovery.out.TarSink;
import io.sendense.recovery.out.ZipSink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives as GNU tar and unzip take them. */
@Tag("server")
class ArchiveTest {
  @TempDir Path folder;
  private Path source = Path.of("");
  private Path image = Path.of("");

  @BeforeEach
  void makeAnImage() throws IOException {
    source = Sample.linux(folder.resolve("source"));
    image = folder.resolve("image");
    Tools.run("mke2fs", "-q", "-F", "-t", "ext4", "-d", source, image, "128M");
  }

  @Test
  void tarUnpacksTheSourceWithAclsAttributesHolesAndLinks() throws IOException {
    Path tar = folder.resolve("all.tar");
    Losses losses = archive(tar, TarSink::new);
    Path into = Files.createDirectory(folder.resolve("into"));
    Tools.run("tar", "--acls", "--xattrs", "--xattrs-include=*", "-xpf", tar, "-C", into);

    assertThat(losses.failures()).isEmpty();
    assertThat(losses.notKept()).isEmpty();
    assertThat(Trees.describe(into.resolve("all"), Trees.ALL))
        .containsAllEntriesOf(Trees.describe(source, Trees.ALL));
    assertThat(Files.size(tar)).isLessThan(12 << 20);
  }

  @Test
  void unzipUnpacksTheSourcesFilesModesAndLinks() throws IOException {
    Path zip = folder.resolve("all.zip");
    archive(zip, ZipSink::new);
    Path into = Files.createDirectory(folder.resolve("into"));
    Tools.run("env", "LC_ALL=C.UTF-8", "unzip", "-q", "-K", zip, "-d", into);

    Map<String, String> expected = Trees.describe(source, Set.of(Trees.What.MODE));
    expected.remove("level0/pipe");
    assertThat(Trees.describe(into.resolve("all"), Set.of(Trees.What.MODE)))
        .containsAllEntriesOf(expected);
  }

  private Losses archive(Path to, BiFunction<OutputStream, Losses, Sink> kind) throws IOException {
    Losses losses = new Losses();
    try (FileSource file = new FileSource(image);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(to));
        Sink sink = kind.apply(out, losses)) {
      new Copier(sink, Reading.SILENT, losses)
          .copy(GuestName.of("all"), FileSystems.open(new CachedSource(file, 4 << 20)).root());
    }
    return losses;
  }
}
