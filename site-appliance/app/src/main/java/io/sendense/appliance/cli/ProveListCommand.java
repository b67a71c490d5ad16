package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.proof.History;
import io.sendense.recovery.proof.ProofKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what was proved, and how the recovery time goes. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the kept proofs of each machine, oldest first, and how the measured recovery time went.",
      "Records whose signature does not hold are counted and not shown."
    })
final class ProveListCommand implements Callable<Integer> {
  private static final int LIMIT_MAX = 10_000;

  private final Surroundings surroundings;

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  boolean json;

  @Option(names = "--state", paramLabel = "DIR", description = "State folder of the appliance.")
  @Nullable Path state;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "Where proofs are kept. Default: proofs in the state folder.")
  @Nullable Path to;

  @Option(names = "--vm", paramLabel = "NAME", description = "Only of this machine.")
  @Nullable String vm;

  @Option(names = "--limit", paramLabel = "N", description = "The newest of each; default 20.")
  int limit = 20;

  ProveListCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    CommonOptions common = new CommonOptions();
    common.state = state;
    Path proofs =
        Optional.ofNullable(to)
            .orElse(common.stateFolder(surroundings.environment()).resolve("proofs"));
    List<History> machines = new ArrayList<>();
    Path keyFile = ProofKey.publicFile(proofs);
    if (Files.exists(keyFile)) {
      PublicKey key = ProofKey.publicKey(keyFile);
      for (Path machine : folders(proofs)) {
        machines.add(History.of(machine, key, Math.clamp(limit, 1, LIMIT_MAX)));
      }
    }
    if (json) {
      surroundings
          .out()
          .println(
              Json.text(
                  Map.of("machines", machines.stream().map(ProveListCommand::document).toList())));
    } else {
      machines.forEach(history -> surroundings.out().print(text(history)));
    }
    return 0;
  }

  private List<Path> folders(Path proofs) {
    String only = vm;
    try (Stream<Path> found = Files.list(proofs)) {
      return found
          .filter(Files::isDirectory)
          .filter(
              folder ->
                  only == null || String.valueOf(folder.getFileName()).equals(Disks.fileName(only)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, proofs + " cannot be read", "Check its rights.", e);
    }
  }

  private static String text(History history) {
    StringBuilder text = new StringBuilder();
    for (History.Kept kept : history.proofs()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s  %-10s  %-20s  point %s%s%n",
              kept.startedAt().truncatedTo(ChronoUnit.SECONDS),
              kept.passed() ? "proved" : "NOT PROVED",
              kept.vm(),
              kept.point(),
              kept.recovery().map(time -> "  recovered in " + Units.duration(time)).orElse("")));
    }
    history
        .trend()
        .median()
        .ifPresent(
            median ->
                text.append("  median of ")
                    .append(history.trend().earlier().size())
                    .append(" recoveries: ")
                    .append(Units.duration(median))
                    .append(
                        history
                            .trend()
                            .changePercent()
                            .map(
                                change ->
                                    String.format(
                                        Locale.ROOT,
                                        ", the newer half %+d %% against the older",
                                        change))
                            .orElse(""))
                    .append('\n'));
    if (history.doubtful() > 0) {
      text.append("  not shown, because no genuine record is there: ")
          .append(history.doubtful())
          .append('\n');
    }
    return text.toString();
  }

  private static Map<String, Object> document(History history) {
    List<Object> proofs = new ArrayList<>();
    for (History.Kept kept : history.proofs()) {
      Map<String, Object> proof = new LinkedHashMap<>();
      proof.put("point", kept.point());
      proof.put("startedAt", kept.startedAt().toString());
      proof.put("passed", kept.passed());
      kept.recovery().ifPresent(time -> proof.put("recoverySeconds", seconds(time)));
      proof.put("record", kept.folder().resolve("proof.json").toString());
      proofs.add(proof);
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("vm", history.proofs().isEmpty() ? "" : history.proofs().getLast().vm());
    history
        .trend()
        .median()
        .ifPresent(median -> document.put("medianRecoverySeconds", seconds(median)));
    history.trend().changePercent().ifPresent(change -> document.put("changePercent", change));
    document.put("doubtful", history.doubtful());
    document.put("proofs", proofs);
    return document;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
