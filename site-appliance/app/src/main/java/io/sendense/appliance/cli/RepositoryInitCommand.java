package io.sendense.appliance.cli;

import io.sendense.appliance.store.RepositoryUrl;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.chain.ChainRepository;
import io.sendense.repository.format.Environment;
import io.sendense.repository.format.PointStore;
import io.sendense.repository.format.Repository;
import io.sendense.repository.format.RepositoryLock;
import io.sendense.repository.format.RepositorySecret;
import io.sendense.repository.format.RepositorySettings;
import io.sendense.repository.spi.LockMode;
import io.sendense.repository.spi.ObjectStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
      "Makes an empty repository: in a directory that is empty or not there, in an empty folder of a",
      "bucket (s3://BUCKET/FOLDER) or container (azblob://ACCOUNT/CONTAINER/PREFIX) that is there, or",
      "at another appliance that serves one to this one (sendense://HOST/NAME). Keep the key of a",
      "sealed one: without it nobody can read what is stored."
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

  @Option(
      names = "--lock-mode",
      paramLabel = "MODE",
      description =
          "Lock what is stored against deletion: governance (an administrator of the store may lift"
              + " it) or compliance (nobody may). Needs --lock-days and a store that can lock.")
  @Nullable String lockMode;

  @Option(
      names = "--lock-days",
      paramLabel = "N",
      description = "How long a restore point is locked at least, 1 to 3,650 days.")
  @Nullable Integer lockDays;

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
    RepositorySettings settings = settings();
    RepositoryUrl url = surroundings.store(where);
    try (ObjectStore store = url.create(surroundings.access());
        Repository made =
            Repository.init(
                store,
                secret,
                settings,
                Environment.of(surroundings.clock(), surroundings.random()))) {
      show(made, settings.lock());
    }
  }

  private void initChain() {
    if (tenantOf != null || lockMode != null || lockDays != null) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "--tenant-of and --lock are not for qcow2 chains, which have no keys and are never locked",
          "Leave it out.");
    }
    Path folder =
        surroundings
            .store(where)
            .directory()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.BAD_ARGUMENT,
                        "qcow2 chains are plain files; " + where + " is no directory",
                        "Name a directory."));
    try (ChainRepository made =
        ChainRepository.init(folder, surroundings.clock(), surroundings.random())) {
      show(made, Optional.empty());
    }
  }

  private void show(PointStore made, Optional<RepositoryLock> lock) {
    String location = surroundings.store(where).location();
    if (common.json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("repository", location);
      document.put("kind", kind);
      document.put("chunkBytes", made.chunkBytes());
      lock.ifPresent(
          l -> {
            document.put("lockMode", l.mode().name().toLowerCase(Locale.ROOT));
            document.put("lockDays", l.days());
          });
      surroundings.out().println(Json.text(document));
    } else {
      surroundings.out().println("made repository " + location);
    }
  }

  private RepositorySettings settings() {
    RepositorySettings settings = withLock(RepositorySettings.defaults());
    String other = tenantOf;
    if (other == null) {
      return settings;
    }
    try (OpenRepository open = second.open(surroundings, common, other)) {
      return settings.withIdentity(open.repository().identity());
    }
  }

  private RepositorySettings withLock(RepositorySettings settings) {
    String mode = lockMode;
    Integer days = lockDays;
    if (mode == null && days == null) {
      return settings;
    }
    if (mode == null || days == null) {
      throw refused("a lock needs both --lock-mode and --lock-days", "Give the other one too.");
    }
    try {
      return settings.withLock(
          new RepositoryLock(LockMode.valueOf(mode.toUpperCase(Locale.ROOT)), days));
    } catch (IllegalArgumentException e) {
      throw refused(
          "--lock-mode " + mode + " --lock-days " + days + " is no lock",
          "The mode is governance or compliance, the days are 1 to 3,650.");
    }
  }

  private static SendenseException refused(String what, String remedy) {
    return new SendenseException(ErrorCode.BAD_ARGUMENT, what, remedy);
  }
}
