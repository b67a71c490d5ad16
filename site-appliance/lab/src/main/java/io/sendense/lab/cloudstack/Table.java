package io.sendense.lab.cloudstack;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** All things of one kind, in the order in which they came. Guarded by the cloud's lock. */
final class Table {
  private final Map<String, Row> rows = new LinkedHashMap<>();

  Row add(Row row) {
    rows.put(row.id(), row);
    return row;
  }

  void remove(Row row) {
    rows.remove(row.id());
  }

  Collection<Row> all() {
    return List.copyOf(rows.values());
  }

  Optional<Row> find(String id) {
    return Optional.ofNullable(rows.get(id));
  }

  List<Row> where(Predicate<Row> wanted) {
    return rows.values().stream().filter(wanted).toList();
  }

  /** As the API words it where a parameter names nothing. */
  Row require(String command, String parameter, String id) {
    Row row = rows.get(id);
    if (row == null) {
      throw new LabError(
          LabError.PARAMETER,
          "Unable to execute API command "
              + command.toLowerCase(java.util.Locale.ROOT)
              + " due to invalid value. Invalid parameter "
              + parameter
              + " value="
              + id
              + " due to incorrect long value format, or entity does not exist or due to incorrect"
              + " parameter annotation for the field in api cmd class.");
    }
    return row;
  }
}
