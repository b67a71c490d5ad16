package io.sendense.repository.remote;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.repository.spi.StoreFailure;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The client's failures. */
final class Failures {
  private Failures() {}

  /** What the server said, in its own words. */
  static SendenseException from(String store, Message.Failed failed) {
    ErrorCode code =
        Arrays.stream(ErrorCode.values())
            .filter(known -> known.number() == failed.code())
            .findFirst()
            .orElse(ErrorCode.STORE_UNAVAILABLE);
    return new SendenseException(
        code, store + ": " + printable(failed.what()), printable(failed.remedy()));
  }

  static SendenseException lost(String store, String what, @Nullable Throwable why) {
    return StoreFailure.unavailable(store, what, why);
  }

  static SendenseException closed(String store) {
    return StoreFailure.unavailable(store, "the store was closed", null);
  }

  static SendenseException broken(String store, String what) {
    return StoreFailure.unavailable(store, "it broke the protocol: " + printable(what), null);
  }

  static SendenseException tooSlow(String store, Duration atMost) {
    return new SendenseException(
        ErrorCode.DEADLINE_EXCEEDED,
        store + " did not answer within " + atMost.toSeconds() + " s",
        "Look at the line and at the receiving appliance; whether a change took effect is"
            + " unknown, and it is safe to run the job again.");
  }

  static SendenseException interrupted(String store) {
    return new SendenseException(
        ErrorCode.CANCELLED, "the wait for " + store + " was interrupted", "");
  }

  /** What ended a connection before the server's WELCOME. */
  static SendenseException notLetIn(String store, Throwable cause) {
    Throwable why =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (!(why instanceof SSLException)
        || why instanceof SslHandshakeTimeoutException
        || why.getCause() instanceof ClosedChannelException) {
      return lost(store, "connecting", why);
    }
    return new SendenseException(
        ErrorCode.UNAUTHENTICATED,
        store + " and this appliance do not accept each other's certificates: " + why.getMessage(),
        "Check that each side's trust file holds the other's CA, that the host's name is in the"
            + " server's certificate, and that no certificate has expired.",
        why);
  }

  /** The same failure for one more caller; an exception belongs to one. */
  static SendenseException again(SendenseException why) {
    return new SendenseException(why.code(), String.valueOf(why.getMessage()), why.remedy(), why);
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
