package io.sendense.cloud.audit;

import static io.sendense.cloud.db.audit.Tables.ENTRY;
import static io.sendense.cloud.db.audit.Tables.HEAD;

import io.sendense.cloud.db.audit.tables.records.EntryRecord;
import io.sendense.cloud.db.audit.tables.records.HeadRecord;
import io.sendense.domain.CustomerId;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes and verifies the chains. An entry is written in the transaction of the change that it
 * records; the chain's head is locked from then to the commit, so changes of one MSP are recorded
 * one after the other. Thread-safe.
 */
@Component
public class AuditLog {
  private static final byte[] START = new byte[32];

  private final InstantSource clock;
  private final JsonMapper json;

  public AuditLog(InstantSource clock, JsonMapper json) {
    this.clock = clock;
    this.json = json;
  }

  /** Adds an entry to the MSP's chain; the scope of {@code dsl} must be inside that MSP. */
  public void record(DSLContext dsl, AuditEvent event) {
    dsl.insertInto(HEAD)
        .set(HEAD.MSP_ID, event.msp().value())
        .set(HEAD.SEQUENCE, 0L)
        .set(HEAD.HASH, START)
        .onConflictDoNothing()
        .execute();
    HeadRecord head =
        dsl.selectFrom(HEAD).where(HEAD.MSP_ID.eq(event.msp().value())).forUpdate().fetchSingle();
    EntryRecord entry = dsl.newRecord(ENTRY);
    entry.setMspId(event.msp().value());
    entry.setSequence(head.getSequence() + 1);
    entry.setCustomerId(event.customer().map(CustomerId::value).orElse(null));
    entry.setAt(now());
    entry.setActor(event.actor());
    entry.setAction(event.action());
    entry.setSubject(event.subject());
    entry.setDetail(json.writeValueAsString(new TreeMap<>(event.detail())));
    entry.setPreviousHash(head.getHash());
    entry.setHash(EntryHash.of(entry));
    // Not store(): that would read the row back, which a customer's scope may not always do.
    dsl.insertInto(ENTRY).set(entry).execute();
    dsl.update(HEAD)
        .set(HEAD.SEQUENCE, entry.getSequence())
        .set(HEAD.HASH, entry.getHash())
        .where(HEAD.MSP_ID.eq(event.msp().value()))
        .execute();
  }

  /**
   * What a verification found.
   *
   * @param firstBad sequence of the first entry that is not what was written, or is not there
   */
  public record Verification(
      long entries, String headHash, Optional<Long> firstBad, Optional<String> problem) {
    public boolean intact() {
      return firstBad.isEmpty();
    }
  }

  /**
   * Recomputes the MSP's whole chain and compares it with its head; needs the whole MSP's scope.
   */
  public Verification verify(DSLContext dsl, MspId msp) {
    HeadRecord head = dsl.selectFrom(HEAD).where(HEAD.MSP_ID.eq(msp.value())).fetchOne();
    byte[] expected = START;
    long sequence = 0;
    try (Cursor<EntryRecord> entries =
        dsl.selectFrom(ENTRY)
            .where(ENTRY.MSP_ID.eq(msp.value()))
            .orderBy(ENTRY.SEQUENCE)
            .fetchSize(500)
            .fetchLazy()) {
      for (EntryRecord entry : entries) {
        sequence++;
        if (entry.getSequence() != sequence) {
          return bad(sequence, expected, "entry " + sequence + " is missing");
        }
        if (!Arrays.equals(entry.getPreviousHash(), expected)) {
          return bad(sequence, expected, "entry " + sequence + " does not follow the one before");
        }
        if (!Arrays.equals(entry.getHash(), EntryHash.of(entry))) {
          return bad(sequence, expected, "entry " + sequence + " was changed after it was written");
        }
        expected = entry.getHash();
      }
    }
    if (head != null && head.getSequence() > sequence) {
      return bad(sequence + 1, expected, "entries after " + sequence + " are missing");
    }
    if (head != null && !Arrays.equals(head.getHash(), expected)) {
      return bad(sequence, expected, "the chain does not end where its head says");
    }
    return new Verification(sequence, hex(expected), Optional.empty(), Optional.empty());
  }

  private static Verification bad(long sequence, byte[] hash, String problem) {
    return new Verification(sequence - 1, hex(hash), Optional.of(sequence), Optional.of(problem));
  }

  /** The database keeps microseconds; a finer time would not hash to the same again. */
  private OffsetDateTime now() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return now.atOffset(ZoneOffset.UTC);
  }

  static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
