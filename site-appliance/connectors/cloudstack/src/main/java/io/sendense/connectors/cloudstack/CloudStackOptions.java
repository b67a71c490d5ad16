package io.sendense.connectors.cloudstack;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach a management server.
 *
 * @param url of its API, such as {@code https://cloud.example.net/client/api}
 * @param ca certificates in PEM to trust instead of the system's
 * @param callDeadline for each call, answer included
 * @param jobDeadline for each asynchronous job
 * @param pageSize of lists; must not be above the server's {@code default.page.size}
 */
public record CloudStackOptions(
    URI url, Optional<Path> ca, Duration callDeadline, Duration jobDeadline, int pageSize) {
  private static final int MAX_PAGE = 500;

  public CloudStackOptions {
    if (pageSize < 1 || pageSize > MAX_PAGE) {
      throw bad("a page has 1 to " + MAX_PAGE + " entries");
    }
    if (!callDeadline.isPositive() || !jobDeadline.isPositive()) {
      throw bad("a deadline is not positive");
    }
  }

  /**
   * Defaults: 60 s for a call, an hour for a job, pages of 200.
   *
   * @throws SendenseException BAD_ARGUMENT, also for plain HTTP to anything but this machine: it
   *     would show the API key and let answers be forged
   */
  public static CloudStackOptions of(String url, Optional<Path> ca) {
    URI parsed;
    try {
      parsed = new URI(url);
    } catch (URISyntaxException e) {
      throw bad(url + " is no URL");
    }
    String scheme = String.valueOf(parsed.getScheme());
    String host = String.valueOf(parsed.getHost());
    boolean here = host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]");
    if (!scheme.equals("https") && !(scheme.equals("http") && here)) {
      throw bad(url + " is not encrypted");
    }
    if (parsed.getRawUserInfo() != null || parsed.getRawQuery() != null) {
      throw bad("the URL holds more than scheme, host, port and path");
    }
    return new CloudStackOptions(parsed, ca, Duration.ofSeconds(60), Duration.ofHours(1), 200);
  }

  private static SendenseException bad(String what) {
    return new SendenseException(
        ErrorCode.BAD_ARGUMENT, what, "Give the API's URL: https://HOST/client/api");
  }
}
