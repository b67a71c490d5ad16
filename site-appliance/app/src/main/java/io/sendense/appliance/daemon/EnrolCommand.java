package io.sendense.appliance.daemon;

import io.sendense.appliance.cli.Surroundings;
import io.sendense.controllink.Enrolment;
import io.sendense.controllink.Identity;
import io.sendense.controllink.IdentityStore;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Gives this machine its identity. The token comes from the environment, which others cannot see.
 */
@Command(
    name = "enrol",
    mixinStandardHelpOptions = true,
    description = "Enrols this appliance with a one-time token in SENDENSE_ENROLMENT_TOKEN.")
public final class EnrolCommand implements Callable<Integer> {
  private static final String TOKEN = "SENDENSE_ENROLMENT_TOKEN";

  private final Surroundings surroundings;

  @Option(names = "--state", required = true, paramLabel = "DIR", description = "State folder.")
  Path state = Path.of("");

  @Option(
      names = "--cloud",
      required = true,
      paramLabel = "URL",
      description = "The control plane's appliance link, https://name:8443.")
  String cloud = "";

  @Option(
      names = "--ca",
      required = true,
      paramLabel = "FILE",
      description = "The link's CA certificate (PEM); nothing else is trusted.")
  Path ca = Path.of("");

  @Option(
      names = "--licence-trust",
      paramLabel = "FILE",
      description = "Public keys of the licence issuer (JWK set).")
  @Nullable Path licenceTrust;

  @Option(names = "--name", paramLabel = "NAME", description = "What people see in the portal.")
  String name = "appliance";

  @Option(
      names = "--proxy",
      paramLabel = "HOST:PORT",
      description = "HTTP proxy that is asked to CONNECT.")
  String proxy = "";

  public EnrolCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    String token = surroundings.environment().getOrDefault(TOKEN, "").strip();
    if (token.isEmpty()) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          TOKEN + " is not set",
          "Create an enrolment token in the portal and set " + TOKEN + " to it.");
    }
    if (!name.matches("[A-Za-z0-9 ._-]{1,80}")) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "the name must be 1 to 80 letters, digits, spaces, dots, underscores or hyphens",
          "Choose another --name.");
    }
    try (StateLock held = StateLock.take(state)) {
      Path trust = licenceTrust;
      if (trust != null) {
        LicenceTrust.install(trust, held.folder());
      }
      Identity identity =
          new Enrolment(
                  new IdentityStore(held.folder()),
                  surroundings.random(),
                  surroundings.clock(),
                  address())
              .enrol(uri(), IdentityStore.readCa(ca), name, token);
      surroundings.out().println("enrolled as appliance " + identity.appliance());
      return 0;
    }
  }

  private URI uri() {
    try {
      return URI.create(cloud);
    } catch (IllegalArgumentException e) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT,
          "\"" + cloud + "\" is not an address",
          "Give an address such as https://cloud.example.com:8443.",
          e);
    }
  }

  private Optional<InetSocketAddress> address() {
    if (proxy.isEmpty()) {
      return Optional.empty();
    }
    int colon = proxy.lastIndexOf(':');
    if (colon < 1 || !proxy.substring(colon + 1).matches("[0-9]{1,4}|[1-5][0-9]{4}")) {
      throw new SendenseException(
          ErrorCode.BAD_ARGUMENT, "--proxy must be HOST:PORT", "For example proxy.local:3128.");
    }
    return Optional.of(
        InetSocketAddress.createUnresolved(
            proxy.substring(0, colon), Integer.parseInt(proxy.substring(colon + 1))));
  }
}
