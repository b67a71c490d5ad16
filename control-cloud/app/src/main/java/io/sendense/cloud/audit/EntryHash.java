package io.sendense.cloud.audit;

import io.sendense.cloud.db.audit.tables.records.EntryRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * The hash of an audit entry, SHA-256 over the version byte 1 and every field in the order of the
 * table but the hash itself, each as a 4-byte big-endian length and its bytes, so that no two
 * different entries can run together to the same input. Times are microseconds since 1970.
 */
final class EntryHash {
  private EntryHash() {}

  static byte[] of(EntryRecord entry) {
    MessageDigest digest = sha256();
    digest.update((byte) 1);
    add(digest, entry.getMspId().toString());
    add(digest, Long.toString(entry.getSequence()));
    add(digest, entry.getCustomerId() == null ? "" : entry.getCustomerId().toString());
    add(digest, Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, entry.getAt().toInstant())));
    add(digest, entry.getActor());
    add(digest, entry.getAction());
    add(digest, entry.getSubject());
    add(digest, entry.getDetail());
    add(digest, entry.getPreviousHash());
    return digest.digest();
  }

  static byte[] of(ChainEntry entry) {
    MessageDigest digest = sha256();
    digest.update((byte) 1);
    add(digest, entry.msp().toString());
    add(digest, Long.toString(entry.sequence()));
    add(digest, entry.customer().map(UUID::toString).orElse(""));
    add(digest, Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, entry.at())));
    add(digest, entry.actor());
    add(digest, entry.action());
    add(digest, entry.subject());
    add(digest, entry.detail());
    add(digest, entry.previous());
    return digest.digest();
  }

  private static void add(MessageDigest digest, String text) {
    add(digest, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
