package io.sendense.connectors.cloudstack;

import io.sendense.connectors.cloudstack.Transport.Lost;
import io.sendense.connectors.cloudstack.Transport.Reply;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Signed calls to one management server. Lists and questions are asked again where the network or
 * the server's rate limit fails them, here and nowhere above; what changes something is sent once.
 * May be used by several threads.
 */
public final class CloudStackClient implements AutoCloseable {
  // Programmer Guide, "Enabling API Call Expiration": a copy of a request is of use no longer.
  private static final Duration SIGNATURE_LIFE = Duration.ofMinutes(10);
  private static final DateTimeFormatter EXPIRES =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssZ").withZone(ZoneOffset.UTC);
  private static final int ATTEMPTS = 5;
  private static final int MAX_PAGES = 10_000;

  private final CloudStackOptions options;
  private final ApiKeys keys;
  private final InstantSource clock;
  private final Transport transport;

  public CloudStackClient(CloudStackOptions options, ApiKeys keys, InstantSource clock) {
    this.options = options;
    this.keys = keys;
    this.clock = clock;
    this.transport = new Transport(options.ca(), options.callDeadline());
  }

  URI url() {
    return options.url();
  }

  /** Listing, looking up and asking after a job change nothing and may be asked twice. */
  private static boolean repeatable(String command) {
    return command.startsWith("list") || command.startsWith("query");
  }

  /**
   * One call.
   *
   * @return the object below the answer's one name
   * @throws SendenseException with a {@link CloudStackError} as its cause where CloudStack refused;
   *     SOURCE_UNREADABLE, CANCELLED
   */
  Answer call(String command, Map<String, String> parameters) {
    Backoff backoff = new Backoff(options.callDeadline().multipliedBy(2));
    for (int attempt = 1; ; attempt++) {
      boolean again = attempt < ATTEMPTS;
      try {
        return once(command, parameters);
      } catch (Lost e) {
        boolean harmless = repeatable(command) || !e.mayHaveReached();
        if (!again || !harmless || !backoff.pause(command)) {
          throw unreadable(command, e);
        }
      } catch (SendenseException e) {
        boolean later =
            CloudStackError.of(e).filter(x -> x.code() == CloudStackError.TOO_MANY).isPresent();
        if (!later || !again || !backoff.pause(command)) {
          throw e;
        }
      }
    }
  }

  private Answer once(String command, Map<String, String> parameters) throws Lost {
    Map<String, String> all = new LinkedHashMap<>(parameters);
    all.put("command", command);
    all.put("response", "json");
    all.put("apikey", keys.apiKey());
    all.put("signatureversion", "3");
    all.put("expires", EXPIRES.format(clock.instant().plus(SIGNATURE_LIFE)));
    all.put("signature", Signing.signature(all, keys.secretKey()));
    String form =
        all.entrySet().stream()
            .map(e -> Signing.encode(e.getKey()) + "=" + Signing.encode(e.getValue()))
            .collect(Collectors.joining("&"));
    // By POST the keys stay out of the logs of proxies and servers.
    HttpRequest request =
        HttpRequest.newBuilder(options.url())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return unwrap(command, transport.send(request, options.callDeadline()));
  }

  private static Answer unwrap(String command, Reply reply) throws Lost {
    if (reply.status() == 502 || reply.status() == 503 || reply.status() == 504) {
      throw new Lost("the server answered " + reply.status(), true, new IllegalStateException());
    }
    Answer whole = Answer.parse("the answer to " + command, reply.body());
    Answer inner =
        whole.fields().size() == 1
            ? whole.object(whole.fields().keySet().iterator().next()).orElse(whole)
            : whole;
    if (!inner.text("errorcode").isEmpty()) {
      throw new CloudStackError((int) inner.number("errorcode"), inner.text("errortext"))
          .failed(command);
    }
    if (reply.status() != 200) {
      throw new CloudStackError(reply.status(), "HTTP status " + reply.status()).failed(command);
    }
    return inner;
  }

  private SendenseException unreadable(String command, Lost e) {
    return new SendenseException(
        ErrorCode.SOURCE_UNREADABLE,
        "CloudStack: " + command + ": " + e.getMessage(),
        "See that " + options.url() + " is reached from here and its certificate is trusted.",
        e);
  }

  /** Shows every entry of a list, page by page, so that no more than one page is held. */
  void each(String command, Map<String, String> parameters, String entry, Consumer<Answer> seen) {
    long shown = 0;
    for (int page = 1; page <= MAX_PAGES; page++) {
      Map<String, String> asked = new LinkedHashMap<>(parameters);
      asked.put("page", Integer.toString(page));
      asked.put("pagesize", Integer.toString(options.pageSize()));
      Answer answer = call(command, asked);
      List<Answer> entries = answer.list(entry);
      entries.forEach(seen);
      shown += entries.size();
      if (entries.isEmpty() || shown >= answer.number("count")) {
        return;
      }
    }
    throw Answer.protocol(command + " had more than " + MAX_PAGES + " pages");
  }

  List<Answer> all(String command, Map<String, String> parameters, String entry) {
    List<Answer> found = new ArrayList<>();
    each(command, parameters, entry, found::add);
    return found;
  }

  Optional<Answer> first(String command, Map<String, String> parameters, String entry) {
    return call(command, parameters).list(entry).stream().findFirst();
  }

  /** Starts a job and waits for its end. */
  Answer job(String command, Map<String, String> parameters) {
    return await(command, call(command, parameters).required("jobid"));
  }

  /**
   * Waits for a job's end (Programmer Guide, "Asynchronous Commands").
   *
   * @return its result
   * @throws SendenseException with CloudStack's own words where the job failed; DEADLINE_EXCEEDED
   *     where it runs on
   */
  Answer await(String what, String job) {
    Backoff backoff = new Backoff(options.jobDeadline());
    while (true) {
      Answer answer = call("queryAsyncJobResult", Map.of("jobid", job));
      Answer result = answer.object("jobresult").orElse(new Answer(Map.of()));
      switch ((int) answer.number("jobstatus")) {
        case 0 -> {
          if (!backoff.pause(what)) {
            throw new SendenseException(
                ErrorCode.DEADLINE_EXCEEDED,
                "CloudStack: the job of "
                    + what
                    + " did not end within "
                    + options.jobDeadline().toSeconds()
                    + " s (job "
                    + job
                    + ")",
                "Look at the job and at the load of the hosts, and try again.");
          }
        }
        case 1 -> {
          return result;
        }
        default -> {
          // Older jobs give their reason as text.
          String text = result.text("errortext");
          String said = text.isEmpty() ? answer.text("jobresult") : text;
          long code = answer.number("jobresultcode");
          throw new CloudStackError(
                  (int) (code == 0 ? result.number("errorcode") : code),
                  said.isEmpty() ? "the job failed without a reason" : said)
              .failed(what);
        }
      }
    }
  }

  ApiVersion version() {
    return ApiVersion.parse(
        call("listCapabilities", Map.of())
            .object("capability")
            .orElseThrow(() -> Answer.protocol("listCapabilities has no capability"))
            .required("cloudstackversion"));
  }

  Transport transport() {
    return transport;
  }

  CloudStackOptions options() {
    return options;
  }

  @Override
  public void close() {
    transport.close();
  }
}
