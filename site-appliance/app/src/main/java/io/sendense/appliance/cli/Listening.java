package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** {@code HOST:PORT} to listen on; an IPv6 address stands in brackets. */
final class Listening {
  private Listening() {}

  static InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon < 1 || port < 0 || port > 65535) {
        throw malformed(text);
      }
      return new InetSocketAddress(InetAddress.getByName(text.substring(0, colon)), port);
    } catch (NumberFormatException | UnknownHostException e) {
      throw malformed(text);
    }
  }

  /** The same host with the port that was really taken. */
  static String text(String asked, InetSocketAddress bound) {
    return asked.substring(0, asked.lastIndexOf(':')) + ":" + bound.getPort();
  }

  private static SendenseException malformed(String text) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "cannot listen on \"" + text + "\"",
        "Give HOST:PORT of this machine, such as 0.0.0.0:7470.");
  }
}
