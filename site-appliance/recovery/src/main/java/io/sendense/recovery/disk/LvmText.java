package io.sendense.recovery.disk;

import io.sendense.domain.SendenseException;
import io.sendense.recovery.block.Guest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** LVM2's configuration text: sections, numbers, strings and lists. Bounded by its own length. */
final class LvmText {
  private static final int DEEPEST = 8;

  private final String text;
  private int at;

  private LvmText(String text) {
    this.text = text;
  }

  /** A section: its values are Long, String, List of these, or a section. */
  record Section(Map<String, Object> values) {
    Section section(String name) {
      if (values.get(name) instanceof Section found) {
        return found;
      }
      throw wrong("section " + name + " is missing");
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    long number(String name) {
      if (values.get(name) instanceof Long found && found >= 0) {
        return found;
      }
      throw wrong("number " + name + " is missing");
    }

    String string(String name) {
      if (values.get(name) instanceof String found) {
        return found;
      }
      throw wrong("text " + name + " is missing");
    }

    List<?> list(String name) {
      Object found = values.get(name);
      return found instanceof List<?> list ? list : found == null ? List.of() : List.of(found);
    }
  }

  static Section parse(String text) {
    LvmText parser = new LvmText(text);
    Section all = parser.section(0);
    return all;
  }

  static SendenseException wrong(String what) {
    return Guest.damaged("LVM2", "metadata", 0, what);
  }

  private Section section(int depth) {
    if (depth > DEEPEST) {
      throw wrong("sections are nested more than " + DEEPEST + " deep");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    while (true) {
      skip();
      if (at >= text.length()) {
        if (depth > 0) {
          throw wrong("a section does not end");
        }
        return new Section(values);
      }
      if (text.charAt(at) == '}') {
        at++;
        return new Section(values);
      }
      String name = word();
      skip();
      if (next('{')) {
        values.put(name, section(depth + 1));
      } else if (next('=')) {
        values.put(name, value());
      } else {
        throw wrong("\"" + name + "\" has neither a value nor a section");
      }
    }
  }

  private Object value() {
    skip();
    if (!next('[')) {
      return scalar();
    }
    List<Object> all = new ArrayList<>();
    while (true) {
      skip();
      if (next(']')) {
        return List.copyOf(all);
      }
      all.add(scalar());
      skip();
      boolean more = next(',');
      skip();
      if (!more && (at >= text.length() || text.charAt(at) != ']')) {
        throw wrong("a list does not end");
      }
    }
  }

  private Object scalar() {
    if (next('"')) {
      StringBuilder string = new StringBuilder();
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        string.append(text.charAt(at++));
      }
      if (!next('"')) {
        throw wrong("a text does not end");
      }
      return string.toString();
    }
    String word = word();
    try {
      return Long.valueOf(word);
    } catch (NumberFormatException e) {
      return word;
    }
  }

  private String word() {
    int start = at;
    while (at < text.length() && " \t\r\n{}[]=,\"#\0".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == start) {
      throw wrong("nothing that can be read at character " + at);
    }
    return text.substring(start, at);
  }

  private boolean next(char wanted) {
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skip() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0') {
        at++;
      } else {
        return;
      }
    }
  }
}
