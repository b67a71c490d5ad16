package io.sendense.cloud.audit;

import static io.sendense.cloud.db.audit.Tables.ENTRY;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.audit.tables.records.EntryRecord;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.tenancy.Customers;
import io.sendense.cloud.web.Findings;
import io.sendense.cloud.web.Page;
import io.sendense.cloud.web.PageRequest;
import io.sendense.domain.MspId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/api/v1")
class AuditController {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final ScopedTx tx;
  private final AuditLog log;
  private final JsonMapper json;

  AuditController(ScopedTx tx, AuditLog log, JsonMapper json) {
    this.tx = tx;
    this.log = log;
    this.json = json;
  }

  record EntryView(
      UUID mspId,
      Optional<UUID> customerId,
      long sequence,
      Instant at,
      String actor,
      String action,
      String subject,
      JsonNode detail,
      String hash,
      String previousHash) {}

  record VerificationView(
      boolean intact,
      long entries,
      String headHash,
      Optional<Long> firstBadSequence,
      Optional<String> problem) {}

  @GetMapping("/audit-entries")
  Page<EntryView> list(
      Caller caller,
      @RequestParam @Nullable String customerId,
      @RequestParam @Nullable String actor,
      @RequestParam @Nullable String action,
      @RequestParam @Nullable String subject,
      @RequestParam @Nullable String text,
      @RequestParam @Nullable String from,
      @RequestParam @Nullable String to,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    PageRequest page = PageRequest.of(limit, cursor);
    Condition wanted = new AuditSearch(actor, action, subject, text, from, to).check();
    Condition before = page.after().map(AuditController::before).orElse(DSL.noCondition());
    return tx.run(
        caller.scope(),
        dsl -> {
          Condition ofCustomer = Customers.narrowed(dsl, customerId, ENTRY.CUSTOMER_ID);
          List<EntryRecord> rows =
              dsl.selectFrom(ENTRY)
                  .where(ofCustomer)
                  .and(wanted)
                  .and(before)
                  .orderBy(ENTRY.SEQUENCE.desc())
                  .limit(page.limitAndOne())
                  .fetch();
          return Page.of(rows, page, this::view, row -> Long.toString(row.getSequence()));
        });
  }

  @GetMapping("/msps/{mspId}/audit-verification")
  VerificationView verify(Caller caller, @PathVariable String mspId) {
    MspId msp = MspId.parse(mspId);
    AuditLog.Verification found = tx.run(caller.wholeMsp(msp), dsl -> log.verify(dsl, msp));
    return new VerificationView(
        found.intact(), found.entries(), found.headHash(), found.firstBad(), found.problem());
  }

  private static Condition before(String cursor) {
    Findings findings = new Findings();
    String number = findings.matching(cursor, "cursor", NUMBER, "the nextCursor of a page");
    findings.orRefuse();
    return ENTRY.SEQUENCE.lt(Long.parseLong(number));
  }

  private EntryView view(EntryRecord row) {
    return new EntryView(
        row.getMspId(),
        Optional.ofNullable(row.getCustomerId()),
        row.getSequence(),
        row.getAt().toInstant(),
        row.getActor(),
        row.getAction(),
        row.getSubject(),
        json.readTree(row.getDetail()),
        AuditLog.hex(row.getHash()),
        AuditLog.hex(row.getPreviousHash()));
  }
}
