package io.sendense.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** What was measured, a file per row, so that rows can be run one at a time. */
final class Results {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;

  Results(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /**
   * @param absent why there is no sample, or empty text
   */
  record Measured(String name, String command, String absent, List<Sample> samples) {}

  record RowResult(
      String id, String commit, String load, List<Measured> contenders, Map<String, String> tools) {
    Optional<Measured> of(String name) {
      return contenders.stream()
          .filter(c -> c.name().equals(name) && !c.samples().isEmpty())
          .findFirst();
    }
  }

  Optional<RowResult> read(String row) throws IOException {
    Path file = folder.resolve(row + ".json");
    return Files.exists(file)
        ? Optional.of(JSON.readValue(Files.readString(file), RowResult.class))
        : Optional.empty();
  }

  void write(RowResult result) throws IOException {
    Files.writeString(folder.resolve(result.id() + ".json"), JSON.writeValueAsString(result));
  }

  void writeAll(List<Row> rows, Path to) throws IOException {
    List<RowResult> all = new ArrayList<>();
    for (Row row : rows) {
      read(row.id()).ifPresent(all::add);
    }
    Files.writeString(
        to, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Map.of("rows", all)) + "\n");
  }
}
