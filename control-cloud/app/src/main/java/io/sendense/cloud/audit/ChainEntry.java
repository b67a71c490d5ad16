package io.sendense.cloud.audit;

import io.sendense.cloud.db.audit.tables.records.EntryRecord;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An audit entry as it is exported: a JSON object on one line, with everything that its hash is
 * over. {@code detail} is the text as it was written, because the hash is over its bytes.
 */
record ChainEntry(
    UUID msp,
    long sequence,
    Optional<UUID> customer,
    Instant at,
    String actor,
    String action,
    String subject,
    String detail,
    String previousHash,
    String hash) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static ChainEntry of(EntryRecord row) {
    return new ChainEntry(
        row.getMspId(),
        row.getSequence(),
        Optional.ofNullable(row.getCustomerId()),
        row.getAt().toInstant(),
        row.getActor(),
        row.getAction(),
        row.getSubject(),
        row.getDetail(),
        AuditLog.hex(row.getPreviousHash()),
        AuditLog.hex(row.getHash()));
  }

  String line() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("mspId", msp.toString());
    members.put("sequence", sequence);
    customer.ifPresent(id -> members.put("customerId", id.toString()));
    members.put("at", at.toString());
    members.put("actor", actor);
    members.put("action", action);
    members.put("subject", subject);
    members.put("detail", detail);
    members.put("previousHash", previousHash);
    members.put("hash", hash);
    return JSON.writeValueAsString(members);
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws RuntimeException where it is not that
   */
  static ChainEntry parse(String line) {
    JsonNode json = JSON.readTree(line);
    return new ChainEntry(
        UUID.fromString(json.required("mspId").asString()),
        json.required("sequence").asLong(),
        Optional.ofNullable(json.get("customerId")).map(id -> UUID.fromString(id.asString())),
        Instant.parse(json.required("at").asString()),
        json.required("actor").asString(),
        json.required("action").asString(),
        json.required("subject").asString(),
        json.required("detail").asString(),
        json.required("previousHash").asString(),
        json.required("hash").asString());
  }

  byte[] previous() {
    return HexFormat.of().parseHex(previousHash);
  }
}
