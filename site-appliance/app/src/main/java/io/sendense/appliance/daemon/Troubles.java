package io.sendense.appliance.daemon;

import io.sendense.protocol.Health;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is wrong and stays wrong until it was seen to be right again. Durable; goes to the cloud
 * with every report. Any thread.
 */
final class Troubles {
  private static final String KEY = "trouble ";
  private static final int TEXT_MAX = 1_900;

  /** As many as a report may carry beside those of the licence. */
  private static final int TOLD_MAX = 40;

  private final DaemonDatabase database;
  private final DaemonLog log;

  Troubles(DaemonDatabase database, DaemonLog log) {
    this.database = database;
    this.log = log;
  }

  /** One of them, in a sentence for people. */
  record Trouble(Health.Level level, String text) {}

  /**
   * @param about the same for the same trouble, ending with its repository: {@code collect main}
   */
  void raise(String about, Health.Level level, String text) {
    String sentence = text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) : text;
    Optional<String> before = database.setting(KEY + about);
    String now = level.name() + " " + sentence;
    if (!before.equals(Optional.of(now))) {
      database.set(KEY + about, now);
      log.error(sentence);
    }
  }

  /** It was seen to be right. */
  void clear(String about) {
    if (database.setting(KEY + about).isPresent()) {
      database.unset(KEY + about);
      log.info(about + ": right again");
    }
  }

  /** Forgets what was wrong with repositories that are not configured any more. */
  void keepOnly(List<String> repositories) {
    for (String name :
        database.query(
            "SELECT name FROM setting WHERE substr(name, 1, ?) = ?",
            row -> row.getString(1),
            KEY.length(),
            KEY)) {
      if (repositories.stream().noneMatch(repository -> name.endsWith(" " + repository))) {
        database.unset(name);
      }
    }
  }

  /** Forgets what was wrong with what begins so, unless it is to be kept. */
  void keepOnlyOf(String prefix, Predicate<String> kept) {
    String beginning = KEY + prefix;
    for (String name :
        database.query(
            "SELECT name FROM setting WHERE substr(name, 1, ?) = ?",
            row -> row.getString(1),
            beginning.length(),
            beginning)) {
      if (!kept.test(name.substring(KEY.length()))) {
        database.unset(name);
      }
    }
  }

  /** The worst first. */
  List<Trouble> all() {
    return database
        .query(
            "SELECT value FROM setting WHERE substr(name, 1, ?) = ? ORDER BY name LIMIT ?",
            row -> parse(row.getString(1)),
            KEY.length(),
            KEY,
            TOLD_MAX)
        .stream()
        .sorted(Comparator.comparing(Trouble::level).reversed())
        .toList();
  }

  private static Trouble parse(String kept) {
    int space = kept.indexOf(' ');
    return new Trouble(Health.Level.valueOf(kept.substring(0, space)), kept.substring(space + 1));
  }
}
