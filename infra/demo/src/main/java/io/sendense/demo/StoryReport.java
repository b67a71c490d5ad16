package io.sendense.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The story as one JSON document: every step with time and bytes, and whether all proofs held. */
final class StoryReport {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private StoryReport() {}

  static void write(Path file, List<Step> steps, boolean allHeld, long millis) throws IOException {
    ObjectNode report = JSON.createObjectNode();
    report.put("allProofsHeld", allHeld);
    report.put("seconds", millis / 1000.0);
    ArrayNode rows = report.putArray("steps");
    for (Step step : steps) {
      ObjectNode row = rows.addObject();
      row.put("chapter", step.chapter());
      row.put("what", step.what());
      row.put("seconds", step.millis() / 1000.0);
      if (step.shown().bytes() >= 0) {
        row.put("bytes", step.shown().bytes());
      }
      row.put("detail", step.shown().detail());
      row.put("proof", step.proof());
      row.put("held", step.held());
    }
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.writeString(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
  }
}
