package io.sendense.nbd;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The client's failures in words, always with the export they are about. */
final class Failures {
  // Text from a server is shown to people only up to here.
  private static final int MAX_SHOWN = 256;

  private final String where;

  Failures(NbdUri uri) {
    this.where = uri.toString();
  }

  SendenseException protocol(String what) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL,
        "The NBD server at " + where + " broke the protocol: " + what + ".",
        "Check that this is an NBD server (fixed newstyle); if it is, report it to its makers.");
  }

  SendenseException refused(String what, String remedy) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL, "The NBD server at " + where + " " + what + ".", remedy);
  }

  SendenseException unreachable(String what, @Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "The NBD server at " + where + " " + what + detail(cause) + ".",
        "Check that the server runs and that its address is right.",
        cause);
  }

  SendenseException lost(@Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "The connection to the NBD server at " + where + " was lost" + detail(cause) + ".",
        "Check why the server ended, then open the export again.",
        cause);
  }

  SendenseException closed() {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "The NBD export " + where + " has been closed by this side.",
        "");
  }

  SendenseException deadline(String what, Duration deadline) {
    return new SendenseException(
        ErrorCode.DEADLINE_EXCEEDED,
        "The NBD server at " + where + " did not " + what + " within " + seconds(deadline) + ".",
        "Check the server and its disk, or allow more time.");
  }

  SendenseException cancelled() {
    return new SendenseException(
        ErrorCode.CANCELLED, "A request to the NBD server at " + where + " was interrupted.", "");
  }

  SendenseException request(Request request, int error, String message) {
    ErrorCode code =
        error == Nbd.ENOSPC && request.type() == Nbd.CMD_WRITE
            ? ErrorCode.NO_SPACE
            : ErrorCode.SOURCE_UNREADABLE;
    return new SendenseException(
        code,
        request.describe()
            + " of "
            + where
            + " failed with "
            + Nbd.errorName(error)
            + (message.isEmpty() ? "" : ": " + message)
            + ".",
        "Look for the reason in the server's log; the connection itself goes on.");
  }

  SendenseException badRange(long offset, long length, long size) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        length
            + " bytes at offset "
            + offset
            + " are not within the "
            + size
            + " bytes of "
            + where
            + ".",
        "Ask for a range within the disk.");
  }

  SendenseException unsupported(String what) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT,
        "The NBD export " + where + " does not support " + what + ".",
        "Open it with a server that does.");
  }

  SendenseException tls(String what, @Nullable Throwable cause) {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "TLS with the NBD server at " + where + " failed: " + what + detail(deepest(cause)) + ".",
        "Check the certificates of both sides; verification is never switched off.",
        cause);
  }

  /** The same failure with the stack of the thread that is told now. */
  static SendenseException again(SendenseException reason) {
    return new SendenseException(
        reason.code(), String.valueOf(reason.getMessage()), reason.remedy(), reason);
  }

  static String shown(byte[] text) {
    String decoded = new String(text, StandardCharsets.UTF_8).replaceAll("\\p{C}", "?");
    return decoded.length() <= MAX_SHOWN ? decoded : decoded.substring(0, MAX_SHOWN) + "...";
  }

  private static String seconds(Duration deadline) {
    return deadline.toMillis() / 1000.0 + " s";
  }

  /** What a TLS library says first is often only that something was wrong. */
  private static @Nullable Throwable deepest(@Nullable Throwable cause) {
    Throwable deepest = cause;
    Throwable next = cause == null ? null : cause.getCause();
    while (next != null && next.getMessage() != null) {
      deepest = next;
      next = next.getCause();
    }
    return deepest;
  }

  private static String detail(@Nullable Throwable cause) {
    if (cause == null) {
      return "";
    }
    String message = cause.getMessage();
    return ": " + (message == null ? cause.getClass().getSimpleName() : message);
  }
}
