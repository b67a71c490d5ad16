package io.sendense.appliance.cli;

import io.sendense.domain.ErrorCode;
import io.sendense.domain.SendenseException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Turns a failure into two lines for people, or one document, and an exit code. */
final class Failures {
  static final int UNEXPECTED = 1;

  private Failures() {}

  static int report(Surroundings surroundings, boolean json, Throwable failure) {
    if (failure instanceof SendenseException known) {
      surroundings.err().println("error " + known.code().id() + ": " + known.getMessage());
      if (!known.remedy().isEmpty()) {
        surroundings.err().println("  " + known.remedy());
      }
      if (json) {
        print(
            surroundings,
            known.code().id(),
            known.code().name(),
            String.valueOf(known.getMessage()),
            known.remedy());
      }
      return known.code().exitCode();
    }
    surroundings.err().println("error: an unexpected failure, which is a defect of this program");
    failure.printStackTrace(surroundings.err());
    if (json) {
      print(surroundings, ErrorCode.INTERNAL.id(), "UNEXPECTED", String.valueOf(failure), "");
    }
    return UNEXPECTED;
  }

  private static void print(
      Surroundings surroundings, String code, String name, String message, String remedy) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("name", name);
    error.put("message", message);
    error.put("remedy", remedy);
    surroundings.out().println(Json.text(Map.of("error", error)));
  }
}
