package io.sendense.recovery.prove;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One thing to be proved.
 *
 * @param spec as it was written
 * @param within how long it may take, from when the machine has booted; for the boot, from its
 *     start
 * @param required whether the proof fails with it
 */
public record Check(String spec, What what, Duration within, boolean required) {
  /** What is looked at. */
  public sealed interface What {
    /** The port of the guest that this needs to reach. */
    default Optional<Integer> port() {
      return Optional.empty();
    }

    /** Whether the machine must run for it. */
    default boolean inside() {
      return true;
    }
  }

  /** The machine boots: login prompt on the serial console, agent, or an open port. */
  record Boot() implements What {}

  /** The machine boots, and shows a picture that is not empty and stays. */
  record BootScreen() implements What {}

  /** The machine boots, and this text appears on its serial console. */
  record BootText(String text) implements What {}

  /** The guest's agent answers. */
  record Agent() implements What {}

  /** The guest has an address, by its agent. */
  record Network() implements What {}

  /** The guest accepts connections on a port. */
  record Tcp(int number) implements What {
    @Override
    public Optional<Integer> port() {
      return Optional.of(number);
    }
  }

  /** The guest answers a GET with a status. */
  record Http(int number, String path, int status) implements What {
    @Override
    public Optional<Integer> port() {
      return Optional.of(number);
    }
  }

  /** Every disk's file systems, read from outside. */
  record Files() implements What {
    @Override
    public boolean inside() {
      return false;
    }
  }

  /** An application answers in its own protocol. */
  record App(Application application, int number) implements What {
    @Override
    public Optional<Integer> port() {
      return Optional.of(number);
    }
  }

  /** A program of the site's own says yes. */
  record Script(Path file) implements What {}

  /** Applications that are known by their protocol. */
  enum Application {
    POSTGRESQL(5432),
    MYSQL(3306),
    NGINX(80);

    private final int usualPort;

    Application(int usualPort) {
      this.usualPort = usualPort;
    }

    int usualPort() {
      return usualPort;
    }
  }
}
