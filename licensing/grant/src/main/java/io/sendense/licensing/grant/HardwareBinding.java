package io.sendense.licensing.grant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hardware a licence was issued for, as hashes by kind of component. It holds while more than
 * half of its components are found again, so that a new disk or network card breaks nothing. An
 * empty binding holds everywhere.
 */
public record HardwareBinding(Map<String, String> hashByKind) {
  public static final HardwareBinding NONE = new HardwareBinding(Map.of());

  public HardwareBinding {
    hashByKind = Collections.unmodifiableMap(new TreeMap<>(hashByKind));
    hashByKind.forEach(
        (kind, hash) -> {
          if (!kind.matches("[a-z0-9-]{1,32}") || !hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                "a hardware component is a short kind and a SHA-256 in hex, got " + kind);
          }
        });
  }

  /** The binding to exactly these components. */
  public static HardwareBinding to(HardwareFacts facts) {
    Map<String, String> hashes = new TreeMap<>();
    facts.valueByKind().forEach((kind, value) -> hashes.put(kind, hash(kind, value)));
    return new HardwareBinding(hashes);
  }

  /** How many components were found again. */
  public int found(HardwareFacts facts) {
    int found = 0;
    for (Map.Entry<String, String> component : hashByKind.entrySet()) {
      String value = facts.valueByKind().get(component.getKey());
      if (value != null && hash(component.getKey(), value).equals(component.getValue())) {
        found++;
      }
    }
    return found;
  }

  /** The binding to the components of these {@link #digests}. */
  public static HardwareBinding ofDigests(Collection<String> digests) {
    Map<String, String> hashes = new TreeMap<>();
    for (String digest : digests) {
      int split = digest.indexOf('=');
      hashes.put(digest.substring(0, Math.max(split, 0)), digest.substring(split + 1));
    }
    return new HardwareBinding(hashes);
  }

  /** Its components as {@code kind=hash}, in the order of their kinds: how they cross the link. */
  public List<String> digests() {
    return hashByKind.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }

  /** Whether enough of its components are among those of {@code other}. */
  public boolean holdsAmong(HardwareBinding other) {
    long same =
        hashByKind.entrySet().stream()
            .filter(e -> e.getValue().equals(other.hashByKind.get(e.getKey())))
            .count();
    return same >= needed();
  }

  /** How many components must be found again. */
  public int needed() {
    return hashByKind.isEmpty() ? 0 : hashByKind.size() / 2 + 1;
  }

  public boolean holdsOn(HardwareFacts facts) {
    return found(facts) >= needed();
  }

  private static String hash(String kind, String value) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update("sendense-hardware-v1\0".getBytes(StandardCharsets.US_ASCII));
      digest.update((kind + "\0").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
