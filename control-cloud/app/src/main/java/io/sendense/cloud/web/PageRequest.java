package io.sendense.cloud.web;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted.
 *
 * @param limit most rows on the page
 * @param after the cursor of the page before, empty for the first
 */
public record PageRequest(int limit, Optional<String> after) {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;

  /** Checks what came as query parameters. */
  public static PageRequest of(@Nullable Integer limit, @Nullable String cursor) {
    Findings findings = new Findings();
    int wanted = limit == null ? DEFAULT_LIMIT : limit;
    findings.require(wanted >= 1 && wanted <= MAX_LIMIT, "limit", "must be from 1 to " + MAX_LIMIT);
    findings.require(cursor == null || cursor.length() <= 200, "cursor", "is too long");
    findings.orRefuse();
    return new PageRequest(wanted, Optional.ofNullable(cursor));
  }

  /** How many rows to read: one more than the page holds, to know whether there is another. */
  public int limitAndOne() {
    return limit + 1;
  }

  /** The cursor as an identifier, for lists that are ordered by one. */
  public Optional<UUID> afterId() {
    return after.map(
        text -> {
          Findings findings = new Findings();
          UUID id = findings.id(text, "cursor");
          findings.orRefuse();
          return id;
        });
  }
}
