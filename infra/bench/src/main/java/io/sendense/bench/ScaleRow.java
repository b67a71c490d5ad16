package io.sendense.bench;

import io.sendense.repository.format.LargeRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A repository of 50 TiB: opened, its points listed, a backup begun. Made once for each folder, by
 * {@link LargeRepository}, which says what of it is real.
 */
final class ScaleRow {
  private static final int TEBIBYTES = 50;
  private static final int POINTS_PER_DISK = 14;
  private static final String PASSPHRASE = "bench-passphrase";

  private final Processes processes;
  private final Tools tools;
  private final Path folder;

  ScaleRow(Processes processes, Tools tools, Path folder) {
    this.processes = processes;
    this.tools = tools;
    this.folder = folder.resolve("large-" + TEBIBYTES);
  }

  Row row() {
    return new Row(
        "scale",
        "a repository of 50 TiB (50 disks of 1 TiB without duplicates, 14 points each; indexes"
            + " and points real, packs absent): seconds for one thing, and the process's peak",
        0,
        List.of(
            new Bar.Most("open", 2, "open under 2 s"),
            new Bar.Most("list points", 0.1, "list points under 100 ms"),
            new Bar.Most("list points again", 0.1, "list points under 100 ms")),
        List.of(
            contender("open", "open"),
            contender("list points", "points"),
            contender("list points again", "again"),
            contender("begin a backup", "backup")));
  }

  private Contender contender(String name, String what) {
    List<String> command = tools.bench("OpenLarge", folder.toString(), PASSPHRASE, what);
    return Contender.of(
        name,
        command,
        Optional.empty(),
        () -> {
          prepare();
          return processes.time(command);
        });
  }

  private void prepare() throws IOException {
    Path done = folder.resolveSibling(folder.getFileName() + ".made");
    if (!Files.exists(done)) {
      processes.run(List.of("rm", "-rf", folder.toString()));
      LargeRepository.make(folder, PASSPHRASE.toCharArray(), TEBIBYTES, POINTS_PER_DISK);
      Files.createFile(done);
    }
  }
}
