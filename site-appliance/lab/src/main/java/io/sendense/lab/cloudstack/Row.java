package io.sendense.lab.cloudstack;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing of the cloud: its fields as the API shows them; those that begin with "_" stay here.
 */
final class Row {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  Row with(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  void clear(String... names) {
    for (String name : names) {
      fields.remove(name);
    }
  }

  String id() {
    return text("id");
  }

  /** Empty text where it is not there. */
  String text(String name) {
    return String.valueOf(fields.getOrDefault(name, ""));
  }

  long number(String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : 0;
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  boolean is(String name, Object value) {
    return value.equals(fields.get(name));
  }

  @SuppressWarnings("unchecked")
  List<Row> rows(String name) {
    return (List<Row>) fields.getOrDefault(name, List.of());
  }

  /** As it goes over the wire. */
  Map<String, Object> shown() {
    Map<String, Object> shown = new TreeMap<>();
    fields.forEach(
        (name, value) -> {
          if (!name.startsWith("_")) {
            shown.put(name, wire(value));
          }
        });
    return shown;
  }

  private static Object wire(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(Row::wire).toList();
    }
    return value instanceof Row row ? row.shown() : value;
  }
}
