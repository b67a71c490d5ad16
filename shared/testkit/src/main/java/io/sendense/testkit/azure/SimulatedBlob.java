package io.sendense.testkit.azure;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One version of a blob. Guarded by its container. */
final class SimulatedBlob {
  private static final DateTimeFormatter RFC_1123 =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  final byte[] content;
  final Instant modified;
  final String version;
  Optional<Instant> until = Optional.empty();
  boolean locked;
  boolean held;
  String tier = "Hot";
  Optional<String> comingBackTo = Optional.empty();

  SimulatedBlob(byte[] content, Instant now, long number) {
    this.content = content;
    this.modified = now.truncatedTo(ChronoUnit.SECONDS);
    this.version = now + "/" + number;
  }

  static String rfc1123(Instant time) {
    return RFC_1123.format(time);
  }

  static Instant parse(String time) {
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(time));
    } catch (java.time.format.DateTimeParseException e) {
      throw new AzureSimulator.Refusal(400, "InvalidHeaderValue");
    }
  }

  String etag() {
    return "\"0x" + Integer.toHexString(version.hashCode()) + "\"";
  }

  /** What forbids a change of this version. */
  void checkMutable(Instant now) {
    if (held) {
      throw new AzureSimulator.Refusal(409, "BlobImmutableDueToLegalHold");
    }
    if (until.filter(now::isBefore).isPresent()) {
      throw new AzureSimulator.Refusal(409, "BlobImmutableDueToPolicy");
    }
  }

  /** A locked policy only ever becomes longer; an unlocked one may become anything. */
  void setPolicy(Instant next, boolean lock, Instant now) {
    if (!next.isAfter(now)) {
      throw new AzureSimulator.Refusal(400, "InvalidHeaderValue");
    }
    if (locked && until.isPresent() && (!lock || next.isBefore(until.get()))) {
      throw new AzureSimulator.Refusal(409, "BlobImmutableDueToPolicy");
    }
    until = Optional.of(next);
    locked = lock;
  }

  void moveTo(String next) {
    if (comingBackTo.isPresent()) {
      throw new AzureSimulator.Refusal(409, "BlobBeingRehydrated");
    }
    if (tier.equals("Archive") && !next.equals("Archive")) {
      comingBackTo = Optional.of(next);
    } else {
      tier = next;
    }
  }

  void comeBack() {
    tier = comingBackTo.orElseThrow();
    comingBackTo = Optional.empty();
  }

  /** As the service writes it in a header. */
  static String md5(byte[] content) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    headers.put("Last-Modified", rfc1123(modified));
    headers.put("x-ms-creation-time", rfc1123(modified));
    headers.put("ETag", etag());
    headers.put("x-ms-blob-type", "BlockBlob");
    headers.put("x-ms-version-id", version);
    headers.put("x-ms-access-tier", tier);
    headers.put("x-ms-legal-hold", String.valueOf(held));
    headers.put("Content-MD5", md5(content));
    until.ifPresent(
        date -> {
          headers.put("x-ms-immutability-policy-until-date", rfc1123(date));
          headers.put("x-ms-immutability-policy-mode", locked ? "locked" : "unlocked");
        });
    comingBackTo.ifPresent(
        to ->
            headers.put(
                "x-ms-archive-status", "rehydrate-pending-to-" + to.toLowerCase(Locale.ROOT)));
    return headers;
  }
}
