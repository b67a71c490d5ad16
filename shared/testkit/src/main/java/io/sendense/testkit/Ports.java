package io.sendense.testkit;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** TCP ports on the loopback address. */
public final class Ports {
  private Ports() {}

  /**
   * The port wanted, or a free one where 0 is wanted. It is not held: whoever uses it next must
   * still be ready to find it taken.
   *
   * @throws SendenseException PORT_TAKEN
   */
  public static int claim(int wanted, String forWhat) {
    try (ServerSocket probe = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new SendenseException(
          ErrorCode.PORT_TAKEN,
          "port " + wanted + " on 127.0.0.1, wanted for " + forWhat + ", is taken",
          "End what listens there (ss -ltnp shows it) or choose another port.",
          e);
    }
  }
}
