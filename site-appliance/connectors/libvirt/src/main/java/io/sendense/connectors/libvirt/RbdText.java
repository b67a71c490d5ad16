package io.sendense.connectors.libvirt;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the flat JSON that {@code rbd --format json} prints: lists of objects without nested ones.
 */
final class RbdText {
  private static final Pattern SNAPSHOT =
      Pattern.compile("\\{\"id\":([0-9]{1,18}),\"name\":\"([^\"\\\\]*)\"");
  private static final Pattern RANGE =
      Pattern.compile(
          "\\{\"offset\":([0-9]{1,18}),\"length\":([0-9]{1,18}),\"exists\":\"?(true|false)\"?\\}");
  private static final Pattern FEATURES = Pattern.compile("\"features\":\\[([^\\]]*)\\]");

  private RbdText() {}

  /** Those whose names have no character that JSON writes otherwise; ours have none. */
  static List<Rbd.Snapshot> snapshots(String text) {
    requireList(text);
    List<Rbd.Snapshot> found = new ArrayList<>();
    Matcher all = SNAPSHOT.matcher(text);
    while (all.find()) {
      found.add(new Rbd.Snapshot(Long.parseLong(all.group(1)), all.group(2)));
    }
    return found;
  }

  /** Every character must be part of a range, because one that is missed would be lost data. */
  static List<long[]> ranges(String text) {
    requireList(text);
    String inner = text.strip();
    inner = inner.substring(1, inner.length() - 1);
    List<long[]> found = new ArrayList<>();
    Matcher all = RANGE.matcher(inner);
    int at = 0;
    while (at < inner.length()) {
      if (!all.find(at) || all.start() != at) {
        throw odd(inner.substring(at));
      }
      found.add(new long[] {Long.parseLong(all.group(1)), Long.parseLong(all.group(2))});
      at = all.end();
      if (at < inner.length() && inner.charAt(at++) != ',') {
        throw odd(inner.substring(at - 1));
      }
    }
    return found;
  }

  static List<String> features(String text) {
    Matcher found = FEATURES.matcher(text);
    if (!found.find()) {
      throw odd(text);
    }
    return List.of(found.group(1).replaceAll("[\"\\s]", "").split(","));
  }

  private static void requireList(String text) {
    if (!text.strip().startsWith("[") || !text.strip().endsWith("]")) {
      throw odd(text);
    }
  }

  private static SendenseException odd(String text) {
    return new SendenseException(
        ErrorCode.SOURCE_PROTOCOL,
        "rbd answered what is not understood: " + text.substring(0, Math.min(120, text.length())),
        "Look at its version: rbd --version.");
  }
}
