package io.sendense.demo;

import io.sendense.testkit.ChildProcess;
import io.sendense.testkit.ConnectProxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Usage is accepted once however often it is sent. The proxy between the appliance and the cloud
 * holds answers back until the cloud has a new record, whose acknowledgement it then loses: the
 * appliance must send the same records again, and nothing that is counted may change by it.
 */
final class LostAnswers {
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final Pattern SENT =
      Pattern.compile("usage \\S+ (\\d+) to (\\d+): (ACCEPTED|DUPLICATE), (\\d+) new");

  private final Story story;
  private final UsageChapter usage;
  private final Tenant tenant;
  private final ConnectProxy proxy;

  LostAnswers(Story story, UsageChapter usage, Tenant tenant, ConnectProxy proxy) {
    this.story = story;
    this.usage = usage;
    this.tenant = tenant;
    this.proxy = proxy;
  }

  /** Starts the appliance again over the same state. */
  interface Restart {
    ChildProcess run() throws Exception;
  }

  /** The answer is cut off on its way; the running appliance sends again by itself. */
  void cutOff(ChildProcess daemon) {
    story.proof(
        "usage resent after a lost acknowledgement counts once",
        () -> {
          Counted first = awaitUnacknowledged();
          proxy.cut();
          proxy.passAnswers();
          return sameAfter(first, daemon);
        });
  }

  /** The appliance is killed before the answer reaches it; the one started again sends again. */
  ChildProcess killed(ChildProcess daemon, Restart restart) throws Exception {
    List<ChildProcess> again = new ArrayList<>();
    story.proof(
        "and once too when the appliance is killed meanwhile",
        () -> {
          Counted first = awaitUnacknowledged();
          daemon.kill();
          proxy.cut();
          proxy.passAnswers();
          again.add(restart.run());
          return sameAfter(first, again.getFirst());
        });
    proxy.passAnswers();
    return again.isEmpty() ? daemon : again.getFirst();
  }

  /** What is counted of the customer's usage; sequence to id, and the previews' amounts. */
  private record Counted(NavigableMap<Long, String> records, List<BigDecimal> amounts) {}

  /** Lets answers pass one by one until a new record is in the cloud and its answer is held. */
  private Counted awaitUnacknowledged() throws Exception {
    int before = records().size();
    proxy.holdAnswers();
    return Waiting.until(
        "a usage record that is accepted and not yet acknowledged",
        DEADLINE,
        () -> {
          // Looked at first: what is held by then was answered before the records are counted.
          List<ConnectProxy.Held> held = proxy.heldAnswers();
          if (records().size() > before) {
            return Optional.of(counted());
          }
          held.forEach(proxy::letPass);
          return Optional.empty();
        });
  }

  private Shown sameAfter(Counted first, ChildProcess daemon) throws Exception {
    long lost = first.records().lastKey();
    Matcher sent =
        Waiting.until(
            "record " + lost + " to be sent again",
            DEADLINE,
            () -> {
              Story.require(daemon.isAlive(), Appliance.lastLines(daemon.stderr()));
              return answerTo(lost, daemon.stderr());
            });
    long last = Long.parseLong(sent.group(2));
    Story.require(
        Long.parseLong(sent.group(4)) == last - lost,
        "of records " + sent.group(1) + " to " + last + " " + sent.group(4) + " counted as new");
    Counted now = counted();
    Story.require(
        now.records().headMap(lost, true).equals(first.records()),
        "the records up to " + lost + " are not those of before");
    Story.require(
        now.records().size() == now.records().lastKey(), "records are missing or there twice");
    Story.require(
        now.amounts().equals(first.amounts()),
        "the previews said " + first.amounts() + ", now " + now.amounts());
    return Shown.of(
        "record "
            + lost
            + " sent twice ("
            + sent.group(3)
            + "), "
            + first.records().size()
            + " counted up to it before and after, previews as before");
  }

  /** The first acknowledged sending that holds the record; the lost one left no such line. */
  private static Optional<Matcher> answerTo(long sequence, String log) {
    Matcher sent = SENT.matcher(log);
    while (sent.find()) {
      if (Long.parseLong(sent.group(1)) <= sequence && sequence <= Long.parseLong(sent.group(2))) {
        return Optional.of(sent);
      }
    }
    return Optional.empty();
  }

  private Counted counted() throws Exception {
    return new Counted(records(), usage.amounts());
  }

  private NavigableMap<Long, String> records() throws Exception {
    JsonNode page =
        tenant
            .mspAdmin()
            .get(tenant.customerPath() + "/usage-records?limit=200")
            .orFail("usage records");
    NavigableMap<Long, String> found = new TreeMap<>();
    for (JsonNode record : page.path("items")) {
      String id = record.path("id").asString();
      String other = found.put(record.path("sequence").asLong(), id);
      Story.require(other == null, id + " and " + other + " have the same sequence");
    }
    return found;
  }
}
