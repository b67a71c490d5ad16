package io.sendense.appliance.cli;

import io.sendense.repository.format.Environment;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.local.LocalObjectStore;
import io.sendense.repository.spi.ObjectStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an empty repository. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Makes an empty repository in a folder that is empty or not there. Keep its key: without it",
      "nobody can read what is stored."
    })
final class RepositoryInitCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "The folder.")
  Path folder = Path.of("");

  @Mixin SecondKeyOption second = new SecondKeyOption();

  @Option(
      names = "--tenant-of",
      paramLabel = "R2",
      description =
          "A repository of the tenant this one is for, so that points can be copied between them;"
              + " it is the second one. Without it the repository is a new tenant's.")
  @Nullable Path tenantOf;

  RepositoryInitCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    RepositorySecret secret = common.key.secret(surroundings);
    String location = folder.toAbsolutePath().normalize().toString();
    try (ObjectStore store = LocalObjectStore.create(folder);
        Repository made =
            Repository.init(
                store,
                secret,
                settings(),
                Environment.of(surroundings.clock(), surroundings.random()))) {
      if (common.json) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("repository", location);
        document.put("chunkBytes", made.chunkBytes());
        surroundings.out().println(Json.text(document));
      } else {
        surroundings.out().println("made repository " + location);
      }
      return 0;
    }
  }

  private RepositorySettings settings() {
    Path other = tenantOf;
    if (other == null) {
      return RepositorySettings.defaults();
    }
    try (OpenRepository open = second.open(surroundings, common, other)) {
      return RepositorySettings.defaults().withIdentity(open.repository().identity());
    }
  }
}
