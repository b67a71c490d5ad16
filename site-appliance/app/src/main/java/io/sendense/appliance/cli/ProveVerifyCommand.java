package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.recovery.proof.ProofKey;
import io.sendense.recovery.proof.SignedProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Verifies a proof record and the files that it names, with nothing but a public key. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Verifies a proof record, offline, and the files beside it that it names.")
final class ProveVerifyCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(names = "--json", description = "Print one JSON document on standard output.")
  boolean json;

  @Parameters(paramLabel = "FILE", description = "proof.json of a proof.")
  Path file = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "Public key of the appliance that proved. Default: that beside the proofs.")
  @Nullable Path key;

  ProveVerifyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path record = file.toAbsolutePath().normalize();
    Path given = key;
    // FILE is PROOFS/VM/ID/proof.json.
    Path trusted =
        given != null ? given : ProofKey.publicFile(record.resolve("../../..").normalize());
    JsonNode payload = SignedProof.verify(read(record), ProofKey.publicKey(trusted));
    payload.path("artefacts").forEachEntry((name, sum) -> artefact(record, name, sum.asString("")));
    Map<String, Object> document = new LinkedHashMap<>();
    for (String member : new String[] {"proof", "vm", "point", "startedAt", "acceleration"}) {
      document.put(member, payload.path(member).asString(""));
    }
    document.put("passed", payload.path("passed").asBoolean(false));
    if (json) {
      surroundings.out().println(Json.text(document));
    } else {
      surroundings
          .out()
          .println(
              "the record is genuine: point "
                  + document.get("point")
                  + " of "
                  + document.get("vm")
                  + " was "
                  + (payload.path("passed").asBoolean(false) ? "proved" : "not proved")
                  + " at "
                  + document.get("startedAt"));
    }
    return 0;
  }

  private static void artefact(Path record, String name, String sum) {
    if (!name.matches("[a-z]{1,20}\\.[a-z]{1,5}")
        || !Proving.sha256(read(record.resolveSibling(name))).equals(sum)) {
      throw new SendenseException(
          ErrorCode.UNAUTHENTICATED,
          "the file " + name + " beside the record is not the one it was made with",
          "Do not rely on that file; the record itself is genuine.");
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, file + " cannot be read", "Check the path.", e);
    }
  }
}
