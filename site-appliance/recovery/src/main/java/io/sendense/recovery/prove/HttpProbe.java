package io.sendense.recovery.prove;

import io.sendense.recovery.machine.Console;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One GET of HTTP/1.0, of whose answer the head is read. */
final class HttpProbe {
  private static final int HEAD_BYTES = 16 << 10;
  private static final Pattern STATUS =
      Pattern.compile("HTTP/1\\.[01] ([0-9]{3})[ \r].*", Pattern.DOTALL);
  private static final Pattern SERVER = Pattern.compile("(?im)^server:[ \t]*([^\r\n]*)");

  private HttpProbe() {}

  /** An answer. */
  record Answer(int status, String server) {}

  /** Empty where what comes is no HTTP. */
  static Optional<Answer> get(Socket socket, String path) throws IOException {
    String request =
        "GET " + path + " HTTP/1.0\r\nHost: localhost\r\nUser-Agent: sendense-proof\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    byte[] buffer = new byte[2048];
    while (head.length() < HEAD_BYTES && head.indexOf("\r\n\r\n") < 0) {
      int count = in.read(buffer);
      if (count < 0) {
        break;
      }
      head.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
    }
    Matcher status = STATUS.matcher(head);
    if (!status.matches()) {
      return Optional.empty();
    }
    Matcher server = SERVER.matcher(head);
    return Optional.of(
        new Answer(
            Integer.parseInt(status.group(1)),
            server.find() ? Console.plain(server.group(1)).toLowerCase(Locale.ROOT) : ""));
  }

  static Finding finding(Optional<Answer> answer, int wanted) {
    if (answer.isEmpty()) {
      return new Finding(Verdict.TEST_FAILED, "what answers there speaks no HTTP");
    }
    int status = answer.get().status();
    return status == wanted
        ? Finding.passed("status " + status)
        : new Finding(Verdict.HEALTH_CHECK_FAILED, "status " + status + " instead of " + wanted);
  }

  static Finding nginx(Optional<Answer> answer) {
    if (answer.isEmpty()) {
      return new Finding(Verdict.TEST_FAILED, "what answers there speaks no HTTP");
    }
    Answer got = answer.get();
    if (!got.server().startsWith("nginx")) {
      return new Finding(
          Verdict.NOT_FOUND,
          "the server there calls itself "
              + (got.server().isEmpty() ? "nothing" : "\"" + got.server() + "\""));
    }
    return got.status() < 500
        ? Finding.passed(got.server() + ", status " + got.status())
        : new Finding(Verdict.HEALTH_CHECK_FAILED, got.server() + ", status " + got.status());
  }
}
