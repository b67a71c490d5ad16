package io.sendense.testkit.guest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@link RecordingGuest} holds, from its own mouth, against what it had acknowledged.
 *
 * @param found whole records whose payload fits its checksum
 * @param faults sentences; none where nothing acknowledged is missing or damaged and both disks are
 *     of one instant
 */
public record GuestRecords(int found, List<String> faults) {
  private static final Pattern ACK =
      Pattern.compile("^ACK (\\d{1,9}) ([0-9a-f]{64})\\s*$", Pattern.MULTILINE);
  private static final Pattern RECORD =
      Pattern.compile("^R (\\d{1,9}) ([0-9a-f]{64}) (\\S+)$", Pattern.MULTILINE);
  private static final Pattern LOGGED =
      Pattern.compile("^L (\\d{1,9}) ([0-9a-f]{64})$", Pattern.MULTILINE);

  public GuestRecords {
    faults = List.copyOf(faults);
  }

  /** The acknowledgements on its serial line, by record number. */
  public static Map<Long, String> acknowledged(String console) {
    return all(ACK, console);
  }

  /**
   * @param said by the guest's {@code records} script
   * @param acknowledged before the capture was begun
   */
  public static GuestRecords of(String said, Map<Long, String> acknowledged) {
    List<String> faults = new ArrayList<>();
    if (acknowledged.isEmpty()) {
      faults.add("nothing was acknowledged, so nothing can be proved");
    }
    if (!said.contains("\nDONE")) {
      faults.add("the guest did not say all");
    }
    if (!said.contains("FILESYSTEM sound")) {
      faults.add("a file system is damaged");
    }
    Map<Long, String> data = new HashMap<>();
    Matcher records = RECORD.matcher(said);
    while (records.find()) {
      if (sha256(records.group(3)).equals(records.group(2))) {
        data.put(Long.valueOf(records.group(1)), records.group(2));
      }
    }
    Map<Long, String> log = all(LOGGED, said);
    acknowledged.forEach(
        (seq, sum) -> {
          if (!sum.equals(data.get(seq))) {
            faults.add("record " + seq + " is missing or damaged on the data disk");
          }
          if (!sum.equals(log.get(seq))) {
            faults.add("record " + seq + " is missing or damaged on the log disk");
          }
        });
    log.keySet().stream()
        .filter(seq -> !data.containsKey(seq))
        .forEach(seq -> faults.add("the log disk is ahead of the data disk by record " + seq));
    return new GuestRecords(data.size(), faults);
  }

  private static Map<Long, String> all(Pattern pattern, String text) {
    Map<Long, String> found = new HashMap<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.put(Long.valueOf(matcher.group(1)), matcher.group(2));
    }
    return found;
  }

  private static String sha256(String payload) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(payload.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
