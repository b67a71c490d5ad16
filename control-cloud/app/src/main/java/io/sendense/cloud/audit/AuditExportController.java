package io.sendense.cloud.audit;

import static io.sendense.cloud.db.audit.Tables.ENTRY;

import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.identity.Caller;
import io.sendense.cloud.web.Findings;
import io.sendense.domain.MspId;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The MSP's chain, oldest first, for a machine that keeps it elsewhere. The head is locked from an
 * entry's writing to its commit, so no lower sequence appears later: who resumes after the last one
 * has neither a gap nor a double.
 */
@RestController
@RequestMapping("/api/v1")
class AuditExportController {
  private static final int DEFAULT_LIMIT = 500;
  private static final int MAX_LIMIT = 1000;

  private final ScopedTx tx;

  AuditExportController(ScopedTx tx) {
    this.tx = tx;
  }

  record Export(String format, List<String> lines, long last) {}

  @GetMapping("/msps/{mspId}/audit-export")
  Export export(
      Caller caller,
      @PathVariable String mspId,
      @RequestParam @Nullable String format,
      @RequestParam @Nullable Long after,
      @RequestParam @Nullable Integer limit) {
    MspId msp = MspId.parse(mspId);
    Findings findings = new Findings();
    String wanted = format == null ? "json" : format;
    findings.require(
        wanted.equals("json") || wanted.equals("cef"), "format", "must be one of json, cef");
    long from = after == null ? 0 : after;
    findings.require(from >= 0, "after", "must be 0 or more");
    int most = limit == null ? DEFAULT_LIMIT : limit;
    findings.require(most >= 1 && most <= MAX_LIMIT, "limit", "must be from 1 to " + MAX_LIMIT);
    findings.orRefuse();
    Function<ChainEntry, String> form = wanted.equals("cef") ? Cef::message : ChainEntry::line;
    List<ChainEntry> entries =
        tx.run(
            caller.wholeMsp(msp),
            dsl ->
                dsl.selectFrom(ENTRY)
                    .where(ENTRY.MSP_ID.eq(msp.value()))
                    .and(ENTRY.SEQUENCE.gt(from))
                    .orderBy(ENTRY.SEQUENCE)
                    .limit(most)
                    .fetch(ChainEntry::of));
    long last = entries.isEmpty() ? from : entries.getLast().sequence();
    return new Export(wanted, entries.stream().map(form).toList(), last);
  }
}
