package io.sendense.cloud.web;

import static io.sendense.cloud.db.tenancy.Tables.IDEMPOTENCY;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.identity.Caller;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.MspId;
import io.sendense.domain.SendenseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a change in one scoped transaction, at most once per {@code Idempotency-Key}. The key, a
 * hash of the request and the answer are written in the transaction of the change itself, so there
 * is no moment in which one of them exists without the other.
 */
@Component
public class Idempotency {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{8,100}");
  private static final UUID PLATFORM = new UUID(0, 0);

  private final ScopedTx tx;
  private final JsonMapper json;
  private final InstantSource clock;

  Idempotency(ScopedTx tx, JsonMapper json, InstantSource clock) {
    this.tx = tx;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Runs {@code change} in the caller's own scope.
   *
   * @see #run(Caller, Scope, String, String, Object, HttpStatus, Function)
   */
  public <T> ResponseEntity<Object> run(
      Caller caller,
      @Nullable String key,
      String operation,
      Object request,
      HttpStatus success,
      Function<DSLContext, T> change) {
    return run(caller, caller.scope(), key, operation, request, success, change);
  }

  /**
   * Runs {@code change}, or gives the stored answer of the run before.
   *
   * @param key the header, null where the caller sent none: then every request runs
   * @param operation what is done to what, for example the method and path
   * @param request the body; its JSON is part of what must not differ under one key
   * @throws SendenseException CONFLICT when the key was used for another request
   */
  public <T> ResponseEntity<Object> run(
      Caller caller,
      Scope scope,
      @Nullable String key,
      String operation,
      Object request,
      HttpStatus success,
      Function<DSLContext, T> change) {
    if (key == null) {
      return ResponseEntity.status(success).body(tx.run(scope, change));
    }
    Findings findings = new Findings();
    String checked =
        findings.matching(key, "Idempotency-Key", KEY, "8 to 100 of A-Z a-z 0-9 . _ : -");
    findings.orRefuse();
    byte[] hash = hash(operation, request);
    UUID tenant =
        scope instanceof Scope.Platform ? PLATFORM : scope.mspId().map(MspId::value).orElseThrow();
    return tx.run(
        scope, dsl -> once(dsl, new Key(tenant, caller.subject(), checked), hash, success, change));
  }

  private record Key(UUID tenant, String subject, String key) {}

  private <T> ResponseEntity<Object> once(
      DSLContext dsl, Key key, byte[] hash, HttpStatus success, Function<DSLContext, T> change) {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    dsl.deleteFrom(IDEMPOTENCY)
        .where(IDEMPOTENCY.MSP_ID.eq(key.tenant()))
        .and(IDEMPOTENCY.SUBJECT.eq(key.subject()))
        .and(IDEMPOTENCY.CREATED_AT.lt(now.minus(KEPT)))
        .execute();
    // Waits for another transaction with the same key, and then finds its row or its absence.
    int mine =
        dsl.insertInto(IDEMPOTENCY)
            .set(IDEMPOTENCY.MSP_ID, key.tenant())
            .set(IDEMPOTENCY.SUBJECT, key.subject())
            .set(IDEMPOTENCY.KEY, key.key())
            .set(IDEMPOTENCY.REQUEST_HASH, hash)
            .set(IDEMPOTENCY.CREATED_AT, now)
            .onConflictDoNothing()
            .execute();
    if (mine == 0) {
      return replay(dsl, key, hash);
    }
    T answer = change.apply(dsl);
    Object stored = answer instanceof HidesSecrets hides ? hides.withoutSecrets() : answer;
    dsl.update(IDEMPOTENCY)
        .set(IDEMPOTENCY.STATUS, success.value())
        .set(IDEMPOTENCY.ANSWER, json.writeValueAsString(stored))
        .where(IDEMPOTENCY.MSP_ID.eq(key.tenant()))
        .and(IDEMPOTENCY.SUBJECT.eq(key.subject()))
        .and(IDEMPOTENCY.KEY.eq(key.key()))
        .execute();
    return ResponseEntity.status(success).body(answer);
  }

  private ResponseEntity<Object> replay(DSLContext dsl, Key key, byte[] hash) {
    var row =
        dsl.selectFrom(IDEMPOTENCY)
            .where(IDEMPOTENCY.MSP_ID.eq(key.tenant()))
            .and(IDEMPOTENCY.SUBJECT.eq(key.subject()))
            .and(IDEMPOTENCY.KEY.eq(key.key()))
            .fetchSingle();
    if (!MessageDigest.isEqual(row.getRequestHash(), hash)) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "the Idempotency-Key " + key.key() + " was used for another request",
          "Use a new key for a new request; repeat a request with its own key.");
    }
    return ResponseEntity.status(Optional.ofNullable(row.getStatus()).orElseThrow())
        .header("Idempotency-Replayed", "true")
        .contentType(MediaType.APPLICATION_JSON)
        .body(json.readTree(Optional.ofNullable(row.getAnswer()).orElseThrow()));
  }

  private byte[] hash(String operation, Object request) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(operation.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(json.writeValueAsString(request).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
