package io.sendense.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What ten backups at once keep resident, in one process with the appliance's own options. */
final class MemoryRow {
  private static final int JOBS = 10;
  private static final int MIB_MAX = 512;

  private MemoryRow() {}

  static Row of(Processes processes, Tools tools, Path folder, Path image, long bytes) {
    Path at = folder.resolve("ten");
    List<String> command = tools.bench("TenBackups", image.toString(), at.toString());
    return new Row(
        "memory",
        "ten backups of the image at once in one process",
        JOBS * bytes,
        List.of(new Bar.Memory("sendense", MIB_MAX, "512 MiB resident at most")),
        List.of(
            Contender.of(
                "sendense",
                command,
                Optional.empty(),
                () -> {
                  processes.run(List.of("rm", "-rf", at.toString()));
                  processes.run(List.of("mkdir", at.toString()));
                  Image.warm(processes, image);
                  Sample sample = processes.time(command);
                  processes.run(List.of("rm", "-rf", at.toString()));
                  return sample;
                })));
  }
}
