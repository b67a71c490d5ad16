package io.sendense.cloud.licensing;

import static io.sendense.cloud.db.licensing.Tables.LEASE;
import static io.sendense.cloud.db.licensing.Tables.LICENCE;

import io.sendense.cloud.db.Scope;
import io.sendense.cloud.db.ScopedTx;
import io.sendense.cloud.db.SystemPurpose;
import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import io.sendense.licensing.issuer.KeyCustody;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The platform's licence signing keys: a new one is published, told to appliances with their
 * leases, and signs once they believe it; the one before is withdrawn when nothing in force is
 * signed by it.
 */
@RestController
@RequestMapping("/api/v1/licence-keys")
class LicenceKeyController {
  private static final Logger LOG = LoggerFactory.getLogger(LicenceKeyController.class);

  private final ScopedTx tx;
  private final KeyCustody keys;
  private final InstantSource clock;

  LicenceKeyController(ScopedTx tx, KeyCustody keys, InstantSource clock) {
    this.tx = tx;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * @param believedBy appliances with a lease that runs, which said that they believe it
   * @param licences in force that it signed
   */
  record KeyView(String id, boolean signs, long believedBy, long licences) {}

  /**
   * @param appliances with a lease that runs and that say which keys they believe
   */
  record Keys(List<KeyView> items, long appliances) {}

  @GetMapping
  Keys list() {
    String current = keys.currentKeyId();
    List<String> ids = keys.published().keyIds().stream().sorted().toList();
    return tx.run(
        new Scope.ForSystem(SystemPurpose.LICENCE_KEYS),
        dsl -> {
          List<List<String>> believed =
              dsl.select(LEASE.TRUSTED_KEYS)
                  .from(LEASE)
                  .where(LEASE.EXPIRES_AT.gt(clock.instant().atOffset(ZoneOffset.UTC)))
                  .fetch(row -> Arrays.asList(row.value1()));
          List<KeyView> items =
              ids.stream()
                  .map(
                      id ->
                          new KeyView(
                              id,
                              id.equals(current),
                              believed.stream().filter(all -> all.contains(id)).count(),
                              dsl.fetchCount(
                                  LICENCE,
                                  LICENCE.KEY_ID.eq(id).and(LICENCE.REPLACED_AT.isNull()))))
                  .toList();
          return new Keys(items, believed.stream().filter(all -> !all.isEmpty()).count());
        });
  }

  @PostMapping
  ResponseEntity<Keys> generate() {
    String id = keys.generate();
    LOG.info("licence key {} is published and does not sign yet", id);
    return ResponseEntity.status(HttpStatus.CREATED).body(list());
  }

  @PostMapping("/{keyId}/promote")
  Keys promote(@PathVariable String keyId, @RequestParam @Nullable Boolean force) {
    Keys now = list();
    KeyView key = require(now, keyId);
    if (key.believedBy() < now.appliances() && !Boolean.TRUE.equals(force)) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          key.believedBy() + " of " + now.appliances() + " appliances believe key " + keyId,
          "Wait until all have renewed their leases. With force, the others are served by a key that"
              + " they believe.");
    }
    keys.promote(keyId);
    LOG.info("licence key {} signs now", keyId);
    return list();
  }

  @DeleteMapping("/{keyId}")
  ResponseEntity<Void> withdraw(@PathVariable String keyId, @RequestParam @Nullable Boolean force) {
    KeyView key = require(list(), keyId);
    if (key.licences() > 0 && !Boolean.TRUE.equals(force)) {
      throw new SendenseException(
          ErrorCode.CONFLICT,
          "key " + keyId + " signed " + key.licences() + " licences that are in force",
          "Promote another key; each licence is signed anew when its appliance renews its lease. With"
              + " force, appliances that hold one fall back to the community edition; restores go on.");
    }
    keys.withdraw(keyId);
    LOG.info("licence key {} is withdrawn", keyId);
    return ResponseEntity.noContent().build();
  }

  private static KeyView require(Keys all, String keyId) {
    return all.items().stream()
        .filter(key -> key.id().equals(keyId))
        .findFirst()
        .orElseThrow(
            () ->
                new SendenseException(
                    ErrorCode.NOT_FOUND,
                    "there is no licence key " + keyId,
                    "List the keys for those that there are."));
  }
}
