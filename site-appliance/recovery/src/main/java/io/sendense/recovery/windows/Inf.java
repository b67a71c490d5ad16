package io.sendense.recovery.windows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The text of a driver's INF file: sections of lines ("General syntax rules for INF files"). Names
 * of sections and keys are the same in any case; %strings% are replaced.
 */
final class Inf {
  private static final int MOST_LINES = 50_000;

  private final Map<String, List<Line>> sections = new LinkedHashMap<>();
  private final Map<String, String> strings = new LinkedHashMap<>();

  /**
   * A line.
   *
   * @param key before the equals sign; empty where there is none
   * @param values without quotes, between commas
   */
  record Line(String key, List<String> values) {
    /** Empty where there are fewer. */
    String value(int at) {
      return at < values.size() ? values.get(at) : "";
    }
  }

  private Inf() {}

  static Inf parse(byte[] file) {
    Inf inf = new Inf();
    List<Line> section = new ArrayList<>();
    StringBuilder whole = new StringBuilder();
    for (String raw : text(file).lines().limit(MOST_LINES).toList()) {
      String line = withoutComment(raw).strip();
      if (line.endsWith("\\") && !line.startsWith("[")) {
        whole.append(line, 0, line.length() - 1).append(' ');
        continue;
      }
      whole.append(line);
      line = whole.toString().strip();
      whole.setLength(0);
      if (line.startsWith("[") && line.contains("]")) {
        section =
            inf.sections.computeIfAbsent(
                lower(line.substring(1, line.indexOf(']')).strip()), _ -> new ArrayList<>());
      } else if (!line.isEmpty()) {
        section.add(line(line));
      }
    }
    inf.sections
        .getOrDefault("strings", List.of())
        .forEach(line -> inf.strings.put(lower(line.key()), line.value(0)));
    return inf;
  }

  /** The lines of a section; none where it is missing. */
  List<Line> section(String name) {
    return sections.getOrDefault(lower(name), List.of()).stream().map(this::replaced).toList();
  }

  boolean has(String section) {
    return sections.containsKey(lower(section));
  }

  /** The lines of a section that have this key. */
  List<Line> lines(String section, String key) {
    return section(section).stream().filter(line -> line.key().equalsIgnoreCase(key)).toList();
  }

  Optional<String> value(String section, String key) {
    return lines(section, key).stream().map(line -> line.value(0)).findFirst();
  }

  private Line replaced(Line line) {
    return new Line(replaced(line.key()), line.values().stream().map(this::replaced).toList());
  }

  /** Numbers between percent signs are folders and stay. */
  private String replaced(String text) {
    StringBuilder all = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int begin = text.indexOf('%', at);
      int end = begin < 0 ? -1 : text.indexOf('%', begin + 1);
      if (end < 0) {
        break;
      }
      String known = strings.get(lower(text.substring(begin + 1, end)));
      all.append(text, at, begin).append(known == null ? text.substring(begin, end + 1) : known);
      at = end + 1;
    }
    return all.append(text.substring(at)).toString();
  }

  private static Line line(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    String key = "";
    boolean keyKnown = false;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '"') {
        if (quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
          part.append('"');
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (!quoted && letter == '=' && !keyKnown && parts.isEmpty()) {
        key = part.toString().strip();
        keyKnown = true;
        part.setLength(0);
      } else if (!quoted && letter == ',') {
        parts.add(part.toString().strip());
        part.setLength(0);
      } else {
        part.append(letter);
      }
    }
    parts.add(part.toString().strip());
    return new Line(key, List.copyOf(parts));
  }

  private static String withoutComment(String line) {
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) == '"') {
        quoted = !quoted;
      } else if (line.charAt(i) == ';' && !quoted) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  private static String text(byte[] file) {
    boolean wide = file.length > 1 && (file[0] & 0xFF) == 0xFF && (file[1] & 0xFF) == 0xFE;
    Charset charset = wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;
    String text = new String(file, charset);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
