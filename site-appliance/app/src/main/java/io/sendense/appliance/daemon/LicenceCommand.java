package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.Surroundings;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.grant.Licence;
import io.sendense.licensing.grant.LicenceState;
import io.sendense.licensing.grant.LicenceVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what is allowed now, or whether a licence in a file is genuine and for this appliance. */
@Command(
    name = "licence",
    mixinStandardHelpOptions = true,
    description = {
      "Says what this appliance's licence and lease allow now; with a FILE, whether the licence in",
      "it is genuine and meant for this appliance. Restores never ask for any of it."
    })
public final class LicenceCommand implements Callable<Integer> {
  /** Far above any licence of ours; a longer file is none. */
  private static final int MOST_BYTES = 64 * 1024;

  private final Surroundings surroundings;

  @Option(names = "--state", required = true, paramLabel = "DIR", description = "State folder.")
  Path state = Path.of("");

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "A licence to be examined.")
  @Nullable Path file;

  public LicenceCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Identity self =
        new IdentityStore(state)
            .identity()
            .orElseThrow(
                () ->
                    new SendenseException(
                        ErrorCode.UNAUTHENTICATED,
                        "the state folder " + state + " is not enrolled",
                        "Run: appliance enrol --state " + state + " --cloud URL --ca FILE"));
    Path examined = file;
    surroundings.out().println(examined == null ? held(self) : examined(self, examined));
    return 0;
  }

  private String held(Identity self) {
    try (DaemonDatabase database = DaemonDatabase.open(state)) {
      LicenceState now =
          new LicenceKeeper(
                  database,
                  LicenceTrust.read(state),
                  keys -> LicenceTrust.replace(keys, state),
                  self.customer(),
                  self.appliance(),
                  new HardwareFinder(Path.of("/")).find(),
                  surroundings.clock(),
                  System::nanoTime,
                  () -> new java.util.UUID(surroundings.random().nextLong(), 0),
                  new DaemonLog(surroundings.err(), surroundings.clock()))
              .state();
      StringBuilder text = new StringBuilder();
      text.append(lower(now.edition())).append(", ").append(lower(now.stage()));
      now.nextStageAt().ifPresent(at -> text.append(" until ").append(at));
      now.warnings().forEach(warning -> text.append('\n').append(warning.text()));
      return text.toString();
    }
  }

  private String examined(Identity self, Path given) {
    Instant now = surroundings.clock().instant();
    Licence licence =
        new LicenceVerifier(LicenceTrust.read(state), self.customer(), self.appliance())
            .verifyLicence(read(given), new HardwareFinder(Path.of("/")).find(), now)
            .genuineOrThrow();
    return "genuine: "
        + lower(licence.edition())
        + ", valid from "
        + licence.validFrom()
        + " to "
        + licence.validTo();
  }

  private static String read(Path given) {
    try {
      if (Files.size(given) > MOST_BYTES) {
        throw new SendenseException(
            ErrorCode.LICENCE_INVALID,
            given + " is longer than any licence",
            "Give the licence file as it was issued.");
      }
      return Files.readString(given);
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.NOT_FOUND, given + " cannot be read", "Check the path.", e);
    }
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
