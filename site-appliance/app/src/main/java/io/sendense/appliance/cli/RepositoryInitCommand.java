package io.sendense.appliance.cli;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
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
      "Makes an empty repository: in a directory that is empty or not there, or in an empty folder",
      "of a bucket that is there (s3://BUCKET/FOLDER). Keep the key of a sealed one: without it",
      "nobody can read what is stored."
    })
final class RepositoryInitCommand implements Callable<Integer> {
  private static final String SEALED = "sealed";
  private static final String CHAIN = "qcow2-chain";

  private final Surroundings surroundings;

  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(paramLabel = "R", description = "The directory or URL.")
  String where = "";

  @Mixin SecondKeyOption second = new SecondKeyOption();

  @Option(
      names = "--tenant-of",
      paramLabel = "R2",
      description =
          "A repository of the tenant this one is for, so that points can be copied between them;"
              + " it is the second one. Without it the repository is a new tenant's.")
  @Nullable String tenantOf;

  @Option(
      names = "--kind",
      paramLabel = "sealed|qcow2-chain",
      description = {
        "Default: sealed. A qcow2-chain is plain files that QEMU opens without us: no key, no",
        "encryption, no immutability, no deduplication."
      })
  String kind = SEALED;

  RepositoryInitCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    switch (kind) {
      case SEALED -> initSealed();
      case CHAIN -> initChain();
      default ->
          throw new SendenseException(
              ErrorCode.BAD_ARGUMENT,
              "\"" + kind + "\" is not a kind of repository",
              "Use --kind sealed or --kind qcow2-chain.");
    }
    return 0;
  }

  private void initSealed() {
    RepositorySecret secret = common.key.secret(surroundings);
    RepositoryUrl url = RepositoryUrl.parse(where);
    try (ObjectStore store = url.create(surroundings.random());
        Repository made =
            Repository.init(
                store,
                secret,
                settings(),
                Environment.of(surroundings.clock(), surroundings.random()))) {
      show(made);
    }
  }

  private void initChain() {
    if (tenantOf != null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "--tenant-of is not for qcow2 chains, which have no keys",
          "Leave it out.");
    }
    Path folder =
        RepositoryUrl.parse(where)
            .directory()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.BAD_ARGUMENT,
                        where + " is not a directory, and qcow2 chains are files",
                        "Give a directory, or use --kind sealed."));
    try (ChainRepository made =
        ChainRepository.init(folder, surroundings.clock(), surroundings.random())) {
      show(made);
    }
  }

  private void show(PointStore made) {
    String location = RepositoryUrl.parse(where).location();
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("repository", location);
      document.put("kind", kind);
      document.put("chunkBytes", made.chunkBytes());
      surroundings.out().println(Json.text(document));
    } else {
      surroundings.out().println("made repository " + location);
    }
  }

  private RepositorySettings settings() {
    String other = tenantOf;
    if (other == null) {
      return RepositorySettings.defaults();
    }
    try (OpenRepository open = second.open(surroundings, common, other)) {
      return RepositorySettings.defaults().withIdentity(open.repository().identity());
    }
  }
}
