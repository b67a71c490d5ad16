package io.sendense.cloud.db;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;

/** Why the control plane did not start, in words for the person who started it. */
public record StartFailure(String text, int exitCode) {

  /** The first cause that we can explain; empty where only a stack trace helps. */
  public static Optional<StartFailure> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SendenseException known -> {
          return Optional.of(explained(known.code(), message(known), known.remedy()));
        }
        case PortInUseException taken -> {
          return Optional.of(
              explained(
                  ErrorCode.PORT_TAKEN,
                  "port " + taken.getPort() + " is taken by another program",
                  "End what listens there (ss -ltnp shows it) or set another port."));
        }
        case BindException unbound -> {
          return Optional.of(
              explained(
                  ErrorCode.BAD_ARGUMENT,
                  "the setting " + unbound.getName() + " is missing or not usable",
                  "See docs/guides/control-plane.md for every setting."));
        }
        default -> {
          // Look further inside.
        }
      }
    }
    return Optional.empty();
  }

  private static StartFailure explained(ErrorCode code, String what, String remedy) {
    return new StartFailure(
        "sendense: the control plane did not start: "
            + what
            + " ("
            + code.id()
            + ")"
            + System.lineSeparator()
            + "          "
            + remedy,
        code.exitCode());
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "" : message;
  }
}
